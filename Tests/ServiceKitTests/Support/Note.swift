import Contracts

/// A message with one text, lent by the contracts.
typealias Note = CheckResponse

extension Note {
    init(_ text: String) {
        self.init(service: text)
    }
}
