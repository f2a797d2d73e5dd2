import Foundation

/// Values that threads hand in, in no particular order.
final class Collected<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var collected: [Value] = []

    func add(_ value: Value) { lock.withLock { collected.append(value) } }
    var values: [Value] { lock.withLock { collected } }
}

/// Runs `body` on that many threads at once, as connections that block need it, and returns when all are done.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread {
            body(index)
            group.leave()
        }.start()
    }
    group.wait()
}
