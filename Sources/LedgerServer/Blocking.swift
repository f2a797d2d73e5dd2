import Synchronization

/// Runs `body` on a thread of its own and waits for it without blocking the caller's. Throws what `body` throws, that
/// the system has no thread left, or `CancellationError`: then nobody waits for `body` any more, and it goes on alone.
package func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let errand = Errand<Value>()
    try Threads().start {
        let result = Result(catching: body)
        errand.result.withLock { $0 = result }
        errand.isThere.open()
    }
    try await errand.isThere.wait()
    guard let result = errand.result.withLock(\.self) else { throw CancellationError() }
    return try result.get()
}

private final class Errand<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
    let isThere = Gate()
}
