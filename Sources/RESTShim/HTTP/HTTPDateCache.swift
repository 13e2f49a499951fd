import Synchronization

/// The `Date` header's value, made once a second.
final class HTTPDateCache: Sendable {
    private let cached = Mutex((second: -1 as Int64, text: ""))

    func now() -> String {
        let second = CivilTime.millisecondsSinceEpoch() / 1000
        return cached.withLock { cached in
            if cached.second != second { cached = (second, CivilTime.httpDate(secondsSinceEpoch: second)) }
            return cached.text
        }
    }
}
