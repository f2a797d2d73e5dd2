import Glibc
import Synchronization

/// Threads of one's own, for calls that block.
final class Threads: Sendable {
    private let running = Mutex(0)
    /// Opens when the last thread has ended.
    let ended = Gate()

    /// Starts a thread that runs `body`. Throws where the system has none left.
    func start(_ body: @escaping @Sendable () -> Void) throws {
        running.withLock { $0 += 1 }
        let job = Job {
            body()
            self.leave()
        }
        let reference = Unmanaged.passRetained(job)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, reference.toOpaque())
        guard code == 0 else {
            reference.release()
            leave()
            throw ThreadFailure(reason: String(cString: strerror(code)))
        }
        pthread_detach(thread)
    }

    private func leave() {
        let isLast = running.withLock { running in
            running -= 1
            return running == 0
        }
        if isLast { ended.open() }
    }

    private final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

struct ThreadFailure: Error, CustomStringConvertible {
    let reason: String
    var description: String { "cannot start a thread: \(reason)" }
}
