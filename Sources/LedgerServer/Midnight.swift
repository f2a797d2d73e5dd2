import LedgerCore
package import Logging
import ServiceLifecycle

/// Signs, each midnight of the tenants' time zone, the journals that have grown since they were signed last; also once
/// at the start, for the midnights that were slept through.
package struct MidnightSeals: Service {
    private let ledger: Ledger
    private let time: any Timekeeper
    private let logger: Logger

    package init(ledger: Ledger, time: any Timekeeper = SystemTime(), logger: Logger) {
        self.ledger = ledger
        self.time = time
        self.logger = logger
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            await seal()
            var day = time.moment.day
            while true {
                // A clock may be set, and a machine may sleep: so it is read again now and then.
                try await Task.sleep(for: min(time.moment.untilMidnight, .seconds(600)))
                guard time.moment.day != day else { continue }
                day = time.moment.day
                await seal()
            }
        }
    }

    private func seal() async {
        do {
            try await ledger.sealAll()
        } catch {
            logger.error("not all journals could be sealed", metadata: ["reason": "\(error.message)"])
        }
    }
}
