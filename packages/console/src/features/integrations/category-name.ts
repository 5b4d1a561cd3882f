/** A category as people write it. */
export function categoryName(category: string): string {
  if (category === 'crm' || category === 'hr') return category.toUpperCase()
  return category.charAt(0).toUpperCase() + category.slice(1)
}
