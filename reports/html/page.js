'use strict'
// Narrows the requirements down by verdict and words. Without it all of them are there.
{
  const form = document.getElementById('filter')
  const articles = [...document.querySelectorAll('article')]
  const boxes = [...form.querySelectorAll('[name=verdict]')]
  const groups = [...document.querySelectorAll('.operation'), ...document.querySelectorAll('.area')]
  const wordsOf = new Map()

  const textOf = (article) => {
    if (!wordsOf.has(article)) {
      const operation = article.closest('.operation').querySelector('h4').textContent
      const own = [...article.querySelectorAll(':scope > h5, :scope > .meta, :scope > .source')].map((part) => part.textContent)
      wordsOf.set(article, [operation, ...own].join(' ').toLowerCase())
    }
    return wordsOf.get(article)
  }

  const narrow = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value))
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const article of articles) {
      const verdicts = article.dataset.verdicts.split(' ').filter(Boolean)
      const byVerdict = verdicts.length === 0 || verdicts.some((verdict) => wanted.has(verdict))
      article.hidden = !byVerdict || !words.every((word) => textOf(article).includes(word))
      if (!article.hidden) shown += 1
    }
    for (const group of groups) group.hidden = group.querySelector('article:not([hidden])') === null
    form.elements.shown.value = `${shown} of ${articles.length} requirements shown.`
  }

  const setOpen = (open) => {
    for (const article of articles) if (!article.hidden) for (const details of article.querySelectorAll('details')) details.open = open
  }

  // A link to what is filtered out must still lead there.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (target === null || target.closest('[hidden]') === null) return
    for (const box of boxes) box.checked = true
    form.elements.words.value = ''
    narrow()
    target.scrollIntoView()
  }

  form.addEventListener('input', narrow)
  form.addEventListener('submit', (event) => event.preventDefault())
  form.elements.open.addEventListener('click', () => setOpen(true))
  form.elements.close.addEventListener('click', () => setOpen(false))
  window.addEventListener('hashchange', reveal)
  form.hidden = false
  narrow()
}
