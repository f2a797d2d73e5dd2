import Dispatch
import Glibc

/// Hears the first interrupt or termination signal; a second one ends the process as if nobody had listened.
final class TerminationSignals {
    private static let numbers = [SIGINT, SIGTERM]
    private let sources: [any DispatchSourceSignal]

    init(_ heard: @escaping @Sendable () -> Void) {
        sources = Self.numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                for number in Self.numbers { signal(number, SIG_DFL) }
                heard()
            }
            source.resume()
            return source
        }
    }

    /// From now on signals end the process again.
    func ignore() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
