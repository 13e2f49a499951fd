import ServiceKit
import Synchronization

/// The `Date` header's value, made once a second.
final class HTTPDateCache: Sendable {
    private let cached = Mutex((second: -1 as Int64, text: ""))

    func now() -> String {
        let second = SystemTime.millisecondsSinceEpoch() / 1000
        return cached.withLock { cached in
            if cached.second != second { cached = (second, HTTPDate.text(secondsSinceEpoch: second)) }
            return cached.text
        }
    }
}
