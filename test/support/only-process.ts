/** For what keeps things in memory and is tested by itself: nobody else changes anything. */
export const onlyProcess = { isComplete: () => true, onChange() {} }
