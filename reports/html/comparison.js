'use strict'
// Narrows what differs down by area and words, and keeps that in the page's address. Without it all of it is there.
{
  const form = document.getElementById('filter')
  const articles = [...document.querySelectorAll('article')]
  const sections = [...document.querySelectorAll('.change')]

  const narrow = () => {
    const area = form.elements.area.value
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean)
    for (const article of articles) {
      const text = article.textContent.toLowerCase()
      article.hidden = !((area === '' || article.dataset.area === area) && words.every((word) => text.includes(word)))
    }
    for (const section of sections) section.hidden = section.querySelector('article:not([hidden])') === null
    form.elements.shown.value = `${articles.filter(({ hidden }) => !hidden).length} of ${articles.length} shown.`
  }

  const toAddress = () => {
    const address = new URL(location.href)
    const query = new URLSearchParams()
    for (const { name, value } of [form.elements.area, form.elements.words]) if (value !== '') query.set(name, value)
    address.search = query.toString()
    try {
      history.replaceState(null, '', address)
    } catch {
      // Some browsers let no page of a file change its address.
    }
  }

  if (form !== null) {
    const query = new URL(location.href).searchParams
    form.elements.area.value = query.get('area') ?? ''
    if (form.elements.area.selectedIndex === -1) form.elements.area.value = ''
    form.elements.words.value = query.get('words') ?? ''
    form.addEventListener('input', () => {
      narrow()
      toAddress()
    })
    form.addEventListener('submit', (event) => event.preventDefault())
    form.hidden = false
    narrow()
  }
}
