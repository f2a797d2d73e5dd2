import Testing

@testable import Postgres

struct StatementCacheTests {
    @Test func whatIsPendingCountsInItsPipelineOnly() {
        var cache = StatementCache()
        let first = StatementCache.Entry(name: "s1", types: [20])
        #expect(cache.plan("a", types: [20]) == .prepare(first))
        #expect(cache.plan("a", types: [20]) == .run(first))
        cache.endPipeline()
        let second = StatementCache.Entry(name: "s2", types: [20])
        #expect(cache.plan("a", types: [20]) == .prepare(second))
        cache.confirm("a", second)
        cache.endPipeline()
        #expect(cache.plan("a", types: [20]) == .run(second))
        cache.forget("a")
        #expect(cache.plan("a", types: [20]) == .prepare(StatementCache.Entry(name: "s3", types: [20])))
    }

    @Test func nullFitsAnyTypeAndKeepsWhatIsKnown() {
        var cache = StatementCache()
        #expect(cache.plan("a", types: [0, 20]) == .prepare(StatementCache.Entry(name: "s1", types: [0, 20])))
        let second = StatementCache.Entry(name: "s2", types: [25, 20])
        #expect(cache.plan("a", types: [25, 0]) == .prepare(second))
        #expect(cache.plan("a", types: [0, 0]) == .run(second))
    }

    @Test func namesAreLimited() {
        var cache = StatementCache()
        for number in 0..<StatementCache.capacity { _ = cache.plan("\(number)", types: []) }
        #expect(cache.plan("one more", types: []) == .sendWhole)
        #expect(cache.plan("0", types: []) == .run(StatementCache.Entry(name: "s1", types: [])))
    }
}
