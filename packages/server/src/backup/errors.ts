/** A backup or a restore that is not made, and what to do about it; nothing has changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
