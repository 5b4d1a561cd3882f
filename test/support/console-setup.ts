import { ensureConsole } from '../../scripts/build-console.ts'

/** Tests in a browser meet the console as it is built of the sources at hand. */
export default function setup(): void {
  ensureConsole()
}
