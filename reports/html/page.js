'use strict'
// What the page does beyond showing: it narrows the requirements down and keeps that in its address, unpacks evidence when it
// is asked for, and copies. Without it every requirement, verdict and failure is there.
{
  const main = document.querySelector('main')
  main.setAttribute('aria-busy', 'true')

  /**
   * Puts the next part into the page. To a browser that runs scripts what stands in a `noscript` is one text, which
   * costs it nothing: so the verdict is painted before thousands of elements are made. All of it was escaped when the page was made.
   */
  const insertNext = () => {
    const part = main.querySelector('noscript')
    part.insertAdjacentHTML('beforebegin', part.textContent)
    part.remove()
  }

  const afterPaint = (then) => requestAnimationFrame(() => setTimeout(then))

  afterPaint(() => {
    insertNext()
    afterPaint(() => {
      insertNext()
      for (const note of main.querySelectorAll('.unscripted')) note.remove()
      start()
      main.removeAttribute('aria-busy')
    })
  })
}

function start() {
  const form = document.getElementById('filter')
  const articles = [...document.querySelectorAll('article')]
  const boxes = [...form.querySelectorAll('[name=verdict]')]
  const selects = [...form.querySelectorAll('select')]
  const groups = [...document.querySelectorAll('.operation'), ...document.querySelectorAll('.area')]
  const versions = form.dataset.versions.split(' ')

  // Narrowing down

  const wordsOf = new Map()
  const textOf = (article) => {
    if (!wordsOf.has(article)) {
      const operation = article.closest('.operation').querySelector('h4').textContent
      const own = [...article.querySelectorAll(':scope > h5, :scope > .meta, :scope > .source')].map((part) => part.textContent)
      wordsOf.set(article, [operation, article.dataset.source, ...own].join(' ').toLowerCase())
    }
    return wordsOf.get(article)
  }

  const fromSource = (source, wanted) => source === wanted || source.startsWith(`${wanted}/`)

  const narrow = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.code))
    const { version, area, level, source } = Object.fromEntries(selects.map((select) => [select.name, select.value]))
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean)
    const fits = (article) => {
      const { o: codes, level: own, source: sources } = article.dataset
      const here = version === '' ? codes : (codes[versions.indexOf(version)] ?? '.')
      return (
        [...here].some((code) => wanted.has(code)) &&
        (level === '' || own === level) &&
        (area === '' || article.closest('.area').dataset.area === area) &&
        (source === '' || sources.split(' ').some((each) => fromSource(each, source))) &&
        words.every((word) => textOf(article).includes(word))
      )
    }
    let shown = 0
    for (const article of articles) {
      const fit = fits(article)
      article.hidden = !fit
      if (fit) shown += 1
    }
    for (const group of groups) group.hidden = group.querySelector('article:not([hidden])') === null
    form.elements.shown.value = `${shown} of ${articles.length} requirements shown.`
  }

  // The address

  const say = (change) => {
    const address = new URL(location.href)
    change(address)
    try {
      history.replaceState(null, '', address)
    } catch {
      // Some browsers let no page of a file change its address.
    }
  }

  const toAddress = () =>
    say((address) => {
      const query = new URLSearchParams()
      const checked = boxes.filter((box) => box.checked)
      if (checked.length < boxes.length) query.set('verdict', checked.map((box) => box.value).join(','))
      for (const { name, value } of [...selects, form.elements.words]) if (value !== '') query.set(name, value)
      address.search = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
    })

  const fromAddress = () => {
    const query = new URL(location.href).searchParams
    const wanted = query.get('verdict')?.split(',')
    for (const box of boxes) box.checked = wanted?.includes(box.value) ?? true
    for (const select of selects) {
      const value = query.get(select.name) ?? ''
      if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value))
      select.value = value
    }
    form.elements.words.value = query.get('words') ?? ''
  }

  const showAll = () => {
    for (const box of boxes) box.checked = true
    for (const select of selects) select.value = ''
    form.elements.words.value = ''
  }

  // Evidence

  const blocks = new Map()
  const unpack = (place) => {
    if (!blocks.has(place)) {
      const packed = Uint8Array.from(atob(document.getElementById(`evidence-${place}`).textContent), (character) => character.charCodeAt(0))
      const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
      blocks.set(place, new Response(unpacked).json())
    }
    return blocks.get(place)
  }

  const placesOf = (details) => new Map(details.dataset.at.split(' ').map((pair) => pair.split(':')))

  /** Shows the evidence at a version. It was escaped when the page was made. */
  const showEvidence = async (details, version) => {
    const id = details.closest('article').id.slice(2)
    const places = placesOf(details)
    if (details.dataset.shown === version) return
    details.dataset.shown = version
    const content = document.createElement('div')
    if (places.size > 1) {
      const list = document.createElement('p')
      list.className = 'versions'
      for (const each of places.keys()) {
        const button = document.createElement('button')
        button.type = 'button'
        button.dataset.version = each
        button.textContent = `v${each}`
        button.setAttribute('aria-pressed', String(each === version))
        list.append(button)
      }
      content.append(list)
    }
    const body = document.createElement('div')
    body.innerHTML = (await unpack(places.get(version)))[`${id} ${version}`]
    content.append(body)
    if (details.dataset.shown !== version) return
    details.querySelector(':scope > div')?.remove()
    details.append(content)
  }

  const newestOf = (details) => [...placesOf(details).keys()].at(-1)

  const openEvidence = async (details, version = newestOf(details)) => {
    if (!placesOf(details).has(version)) return
    await showEvidence(details, version)
    details.open = true
  }

  /** What is opened at once: more would take a browser long. */
  const atOnce = 40

  const openShown = async () => {
    const closed = articles.filter((article) => !article.hidden).flatMap((article) => article.querySelector('details.evidence:not([open])') ?? [])
    for (const details of closed.slice(0, atOnce)) await openEvidence(details)
    if (closed.length > atOnce) form.elements.shown.value = `The first ${atOnce} of ${closed.length} were opened.`
  }

  const closeAll = () => {
    for (const details of document.querySelectorAll('details.evidence[open]')) details.open = false
  }

  // Where the address leads

  const follow = async () => {
    const name = decodeURIComponent(location.hash.slice(1))
    const [, base, version] = /^(r-.+?)(?:-v(\d+\.\d+))?$/.exec(name) ?? []
    const article = base === undefined ? null : document.getElementById(base)
    const target = article ?? document.getElementById(name)
    if (target === null) return
    if (target.closest('[hidden]') !== null) {
      // A link to what is filtered out must still lead there.
      showAll()
      narrow()
      toAddress()
    }
    const details = article?.querySelector('details.evidence')
    if (version !== undefined && details) await openEvidence(details, version)
    target.scrollIntoView()
    if (article !== null) article.querySelector('h5 a').focus({ preventScroll: true })
  }

  const copy = async (button) => {
    const line = button.parentElement.querySelector('pre')
    try {
      await navigator.clipboard.writeText(line.textContent)
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(line)
      button.textContent = 'Selected: copy it'
    }
  }

  form.addEventListener('input', () => {
    narrow()
    toAddress()
  })
  form.addEventListener('submit', (event) => event.preventDefault())
  form.elements.reset.addEventListener('click', () => {
    showAll()
    narrow()
    toAddress()
  })
  form.elements.open.addEventListener('click', () => void openShown())
  form.elements.close.addEventListener('click', closeAll)
  document.addEventListener('toggle', ({ target }) => {
    if (target.matches?.('details.evidence[open]:not([data-shown])')) void showEvidence(target, newestOf(target))
  }, true)
  document.addEventListener('click', ({ target }) => {
    if (target.matches('button.copy')) void copy(target)
    if (!target.matches('.versions button')) return
    const details = target.closest('details')
    const { version } = target.dataset
    say((address) => (address.hash = `${details.closest('article').id}-v${version}`))
    void showEvidence(details, version).then(() => details.querySelector('.versions [aria-pressed=true]').focus())
  })
  window.addEventListener('hashchange', () => void follow())
  fromAddress()
  narrow()
  form.hidden = false
  void follow()
}
