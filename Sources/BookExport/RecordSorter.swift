import Foundation

/// Sorts any number of records by their bytes in bounded memory: what does not fit is written out sorted, and runs are
/// merged at the end.
struct RecordSorter {
    /// Runs that are merged at once: each has a buffer and an open file.
    private let mostRuns: Int
    private let memory: Int
    private let directory: String
    /// Records that are not written out yet, one behind the other.
    private var arena: [UInt8] = []
    private var places: [Range<Int>] = []
    /// By how often their records were merged already; each list is shorter than `mostRuns`.
    private var levels: [[SpillFile]] = []

    /// `memory` in bytes is what may wait before it is written out.
    init(memory: Int, directory: String, mostRuns: Int = 128) {
        self.memory = memory
        self.mostRuns = mostRuns
        self.directory = directory
    }

    mutating func add(_ record: some Collection<UInt8>) throws(BookError) {
        if !places.isEmpty, arena.count + record.count > memory { try spill() }
        let begin = arena.count
        arena.append(contentsOf: record)
        places.append(begin..<arena.count)
    }

    /// All records in their order, once.
    consuming func forEach(_ body: (ArraySlice<UInt8>) throws -> Void) throws {
        var sorter = self
        guard !sorter.levels.isEmpty else {
            for place in sorter.sortedPlaces() { try body(sorter.arena[place]) }
            return
        }
        try sorter.spill()
        while sorter.levels.count > 1, sorter.levels.joined().count > sorter.mostRuns {
            // The lowest level has the smallest runs.
            let lowest = sorter.levels.removeFirst()
            if !lowest.isEmpty { sorter.levels[0].append(try sorter.merged(lowest)) }
        }
        var merge = try RunMerge(Array(sorter.levels.joined()))
        while let record = try merge.next() { try body(record) }
    }

    private func sortedPlaces() -> [Range<Int>] {
        arena.withUnsafeBytes { bytes in
            places.sorted { left, right in precede(bytes[left], bytes[right]) }
        }
    }

    private mutating func spill() throws(BookError) {
        let run = try SpillFile(in: directory)
        for place in sortedPlaces() { try run.append(arena[place]) }
        try run.flush()
        arena.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        try keep(run, level: 0)
    }

    private mutating func keep(_ run: SpillFile, level: Int) throws(BookError) {
        if level == levels.count { levels.append([]) }
        levels[level].append(run)
        guard levels[level].count == mostRuns else { return }
        let whole = try merged(levels[level])
        levels[level] = []
        try keep(whole, level: level + 1)
    }

    private func merged(_ runs: [SpillFile]) throws(BookError) -> SpillFile {
        let whole = try SpillFile(in: directory)
        var merge = try RunMerge(runs)
        while let record = try merge.next() { try whole.append(record) }
        try whole.flush()
        return whole
    }
}

/// Merges sorted runs, by a heap of their next records.
private struct RunMerge {
    private struct Cursor {
        var reader: SpillFile.Reader
        var record: ArraySlice<UInt8>
    }

    private var heap: [Cursor] = []
    /// Whether the first cursor's record was handed out.
    private var isFirstSpent = false

    init(_ runs: [SpillFile]) throws(BookError) {
        for run in runs {
            var reader = run.reader()
            if let record = try reader.next() { heap.append(Cursor(reader: reader, record: record)) }
        }
        for index in heap.indices.reversed() { sink(index) }
    }

    mutating func next() throws(BookError) -> ArraySlice<UInt8>? {
        if isFirstSpent {
            // The slice would keep the reader's buffer from being filled in place.
            heap[0].record = []
            if let record = try heap[0].reader.next() {
                heap[0].record = record
            } else {
                heap.swapAt(0, heap.count - 1)
                heap.removeLast()
            }
            sink(0)
        }
        isFirstSpent = !heap.isEmpty
        return heap.first?.record
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            let left = 2 * index + 1
            guard left < heap.count else { return }
            let right = left + 1
            let smaller = right < heap.count && comesFirst(right, left) ? right : left
            guard comesFirst(smaller, index) else { return }
            heap.swapAt(smaller, index)
            index = smaller
        }
    }

    private func comesFirst(_ one: Int, _ other: Int) -> Bool {
        heap[one].record.withUnsafeBytes { one in heap[other].record.withUnsafeBytes { precede(one[...], $0[...]) } }
    }
}

/// Whether the bytes of one come before those of the other; a beginning comes before what it begins.
private func precede(_ one: Slice<UnsafeRawBufferPointer>, _ other: Slice<UnsafeRawBufferPointer>) -> Bool {
    let one = UnsafeRawBufferPointer(rebasing: one)
    let other = UnsafeRawBufferPointer(rebasing: other)
    guard let left = one.baseAddress, let right = other.baseAddress else { return one.count < other.count }
    let order = memcmp(left, right, min(one.count, other.count))
    return order == 0 ? one.count < other.count : order < 0
}
