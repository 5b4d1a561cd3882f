/** As the sign-out page's own form does it; the answer is the page that people are left on. */
export function signOut(csrf: string): void {
  const form = Object.assign(document.createElement('form'), {
    method: 'post',
    action: '/sign-out',
    hidden: true,
  })
  form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'csrf', value: csrf }))
  document.body.append(form)
  form.submit()
}
