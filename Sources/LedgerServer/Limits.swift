/// Every limit of the daemon, in one place: none of its queues, buffers or waits is without one.
package struct Limits: Sendable {
    // MARK: A connection

    /// Connections at most, over TCP and the Unix socket together; one more is told so and closed.
    package var connections = 10_000
    /// Connections that the kernel keeps waiting until they are accepted.
    package var backlog: Int32 = 4_096
    /// Bytes of one request at most, its line end not counted.
    package var lineLength = 65_536
    /// Bytes taken from a connection at once; where so many wait to be looked at, reading stops.
    package var bytesPerRead = 262_144
    /// Requests that are taken together, and of a connection those whose postings are under way while it is read on.
    package var requestsPerGroup = 2_000
    /// Bytes of requests whose postings are under way while the connection is read on.
    package var bytesUnderWay = 524_288
    /// Requests between MULTI and EXEC.
    package var voucherLength = 5_000
    /// How long a JOURNAL may hold its reply.
    package var longestWait = Duration.seconds(60)
    /// How often a waiting JOURNAL asks anew, for entries that another daemon posts.
    package var waitInterval = Duration.milliseconds(250)

    // MARK: Who speaks

    /// Connections of one principal at most.
    package var connectionsPerPrincipal = 2_500
    /// How long a connection may stand before AUTH.
    package var authenticationTime = Duration.seconds(30)
    /// How long the reply to a failed AUTH is held back at most; each failure from an address doubles it.
    package var longestAuthDelay = Duration.seconds(3)

    // MARK: The write path

    /// Commands that are posted together at most; a voucher, which is never split, may be longer.
    package var batchLength = 2_000
    /// Commands that make it worth while to decide a batch while the one before it is in the database.
    package var batchWorthOverlapping = 24
    /// Commands that wait to be posted; more are answered with OVERLOADED.
    package var writeQueueLength = 50_000
    /// Of these, commands of one tenant: what is left is for the others.
    package var writeQueueLengthOfTenant = 25_000
    /// Threads that post, each with a database connection of its own: while the batch of one is in the database, that
    /// of another waits behind it, and a third is being decided.
    package var writers = 3

    // MARK: The read path

    /// Queries that wait to be answered; more are answered with OVERLOADED.
    package var readQueueLength = 50_000
    /// Of these, queries of one tenant.
    package var readQueueLengthOfTenant = 25_000
    /// Queries that are answered together.
    package var queriesPerBatch = 256
    /// Rows that queries answered together may ask for.
    package var rowsPerBatch = 20_000
    /// Threads that answer queries, each with a database connection of its own.
    package var readers = 4
    /// Of the readers, those that may be busy with queries that walk the whole books.
    package var heavyReaders = 2
    /// Tenants whose root is remembered.
    package var rememberedTenants = 100_000

    // MARK: The database's outages, and the end

    /// How long a request outlives the loss of the database before it is answered with UNAVAILABLE.
    package var outagePatience = Duration.seconds(5)
    /// The pause before the database is tried a second time; each further one is twice as long.
    package var firstPause = Duration.milliseconds(20)
    package var longestPause = Duration.milliseconds(500)
    /// How long the database may take to answer what was asked before the daemon was told to end; then the daemon says
    /// itself that it ends.
    package var drainTime = Duration.seconds(2)
    /// How long clients may take after that to read their replies.
    package var farewellTime = Duration.milliseconds(500)
    /// How long the threads may take to finish what they are at when the daemon ends.
    package var finishTime = Duration.seconds(1)

    package init() {}

    /// What is wrong with the limits among themselves; empty where all is well.
    package var contradictions: [String] {
        var contradictions: [String] = []
        func require(_ holds: Bool, _ message: String) {
            if !holds { contradictions.append(message) }
        }
        require(lineLength <= bytesPerRead, "a read must be able to hold the longest request")
        require(
            requestsPerGroup <= min(writeQueueLength, writeQueueLengthOfTenant),
            "a group of postings could never enter the write queue")
        require(
            requestsPerGroup <= min(readQueueLength, readQueueLengthOfTenant),
            "a group of queries could never enter the read queue")
        require(
            voucherLength <= min(writeQueueLength, writeQueueLengthOfTenant),
            "the longest voucher could never enter the write queue")
        require(batchLength >= 1 && queriesPerBatch >= 1, "a batch must hold something")
        require(bytesUnderWay >= 1, "a connection must be able to read")
        require(writers >= 1, "somebody must post")
        require(heavyReaders >= 1 && heavyReaders < readers, "light queries must always find a reader")
        require(waitInterval <= longestWait, "a JOURNAL that waits must ask at least once")
        require(firstPause <= longestPause && longestPause < outagePatience, "an outage must be tried more than once")
        require(
            drainTime + farewellTime + finishTime < .seconds(4),
            "the daemon and its database must end within ten seconds")
        return contradictions
    }
}
