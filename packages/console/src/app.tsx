import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { createClient } from './client.ts'
import { nonce } from './nonce.ts'
import { createPages } from './pages.tsx'
import { Fault } from './parts/fault.tsx'
import { SessionProvider } from './session.tsx'
import { cssVariables, theme } from './theme.ts'

/** The console. Nothing is drawn before it is known who is signed in. */
export function App() {
  const [queries] = useState(createQueries)
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-center" />
        <SignedIn />
      </QueryClientProvider>
    </MantineProvider>
  )
}

function SignedIn() {
  const { data, error, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: () => createClient(null).own.session(),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [pages] = useState(createPages)
  if (error)
    return (
      <main className="alone">
        <Fault error={error} onRetry={refetch} />
      </main>
    )
  if (!data) return null
  return (
    <SessionProvider session={data}>
      <RouterProvider router={pages} />
    </SessionProvider>
  )
}

/** The client tries again by itself where that can do no harm, so that queries need not. */
function createQueries(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000 } } })
}
