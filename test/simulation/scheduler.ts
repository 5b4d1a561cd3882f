/** Simulated time: nothing happens but what was scheduled, in the order of its time. Milliseconds. */
export type Scheduler = {
  now(): number
  /** Runs `work` at that time; returns what takes it back. */
  at(time: number, work: () => void): () => void
  /** Lets time pass until then, or until `done` says so. */
  run(until: number, done?: () => boolean): Promise<void>
}

type Task = { time: number; order: number; work: (() => void) | null }

/** Each turn of the event loop asks the system for news: so many tasks share one. */
const tasksPerTurn = 64

export function createScheduler(start: number): Scheduler {
  const heap: Task[] = []
  let now = start
  let order = 0
  const before = (a: Task, b: Task) => a.time < b.time || (a.time === b.time && a.order < b.order)

  function push(task: Task) {
    let index = heap.push(task) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(heap[index]!, heap[parent]!)) break
      ;[heap[index], heap[parent]] = [heap[parent]!, heap[index]!]
      index = parent
    }
  }
  function pop(): Task {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      for (let index = 0; ; ) {
        const left = 2 * index + 1
        if (left >= heap.length) break
        const right = left + 1
        const child = right < heap.length && before(heap[right]!, heap[left]!) ? right : left
        if (!before(heap[child]!, heap[index]!)) break
        ;[heap[index], heap[child]] = [heap[child]!, heap[index]!]
        index = child
      }
    }
    return first
  }

  return {
    now: () => now,
    at(time, work) {
      const task: Task = { time: Math.ceil(Math.max(now, time)), order: order++, work }
      push(task)
      return () => {
        task.work = null
      }
    },
    run(until, done = () => false) {
      return new Promise((resolve, reject) => {
        let ended = false
        const step = () => {
          if (ended) return
          try {
            while (heap.length > 0 && heap[0]!.time <= until && !done()) {
              const task = pop()
              if (!task.work) continue
              now = task.time
              return task.work()
            }
            ended = true
            if (!done()) now = Math.max(now, until)
            resolve()
          } catch (error) {
            ended = true
            reject(error as Error)
          }
        }
        // Node goes through its ticks, then through all that waits for nothing but promises, then through new ticks: one
        // that is asked for from a promise comes when everything else has gone on.
        const turn = (left: number) => {
          step()
          if (ended) return
          if (left > 0) queueMicrotask(() => process.nextTick(turn, left - 1))
          else setImmediate(turn, tasksPerTurn)
        }
        setImmediate(turn, tasksPerTurn)
      })
    },
  }
}
