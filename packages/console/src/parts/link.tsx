import { Anchor, type AnchorProps, Button, type ButtonProps, Menu, type MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes } from 'react'

type Html<Props> = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props>

/** A link to another page of the console; the router checks where it leads. */
export const LinkAnchor = createLink((props: AnchorProps & Html<AnchorProps>) => <Anchor {...props} />)

/** The same that looks like a button. */
export const LinkButton = createLink((props: ButtonProps & Html<ButtonProps>) => (
  <Button component="a" {...props} />
))

/** The same in a menu. */
export const LinkItem = createLink((props: MenuItemProps & Html<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
))
