import NIOCore

/// Runs a connection's task on the event loop that reads and writes it: nothing changes threads on the way from a
/// request to the queue, or from a reply to the socket, which cost a lone request more than its parsing.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
