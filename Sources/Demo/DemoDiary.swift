import SeededRandom
import Vocabulary

/// What is going to happen in the demo hospital, by its time.
struct DemoDiary {
    private struct Entry {
        let at: Instant
        /// Of two at the same time the one that was noted first comes first.
        let number: Int
        let act: DemoAct
    }

    /// The next one last.
    private var entries: [Entry] = []
    private var count = 0

    mutating func note(_ act: DemoAct, at instant: Instant) {
        let entry = Entry(at: instant, number: count, act: act)
        count += 1
        let place = entries.partitioningIndex { ($0.at, $0.number) < (entry.at, entry.number) }
        entries.insert(entry, at: place)
    }

    /// Takes the next act out; nil where none is left before `end`.
    mutating func next(before end: Instant) -> (at: Instant, act: DemoAct)? {
        guard let entry = entries.last, entry.at < end else { return nil }
        entries.removeLast()
        return (entry.at, entry.act)
    }
}

extension Array {
    /// The first index whose element is in the later part, where the elements that are not `isBefore` come first.
    fileprivate func partitioningIndex(where isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
