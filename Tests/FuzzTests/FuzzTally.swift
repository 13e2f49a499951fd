/// The kinds of wrong input.
enum FuzzKind: String, CaseIterable {
    case randomBytes = "HTTP: random bytes"
    case truncatedRequest = "HTTP: request cut short"
    case flippedRequest = "HTTP: request with flipped bits"
    case randomBody = "HTTP: random body"
    case truncatedBody = "HTTP: body cut short"
    case flippedBody = "HTTP: body with flipped bits"
    case randomFrames = "RPC: random bytes"
    case truncatedFrame = "RPC: frame cut short"
    case flippedFrame = "RPC: frame with flipped bits"
    case flippedCheckedFrame = "RPC: frame with flipped bits and a right checksum"
    case mutatedMessage = "RPC: right frame around a wrong message"
}

/// What was sent and what came of it.
struct FuzzTally: Sendable {
    private var sent: [FuzzKind: Int] = [:]
    private var outcomes: [String: Int] = [:]
    private var closedConnections = 0
    private(set) var goodRequests = 0
    private var faultCount = 0
    /// The first of what must not happen, each with the input.
    private(set) var faults: [String] = []

    private static let faultsKept = 10

    mutating func count(_ kind: FuzzKind, _ outcome: String) {
        sent[kind, default: 0] += 1
        outcomes["\(kind.rawValue): \(outcome)", default: 0] += 1
    }

    /// The server closed the connection instead of answering.
    mutating func countClosed(_ kind: FuzzKind) {
        closedConnections += 1
        count(kind, "closed")
    }

    mutating func countGoodRequest() { goodRequests += 1 }

    mutating func fault(_ what: String, input: [UInt8] = []) {
        faultCount += 1
        guard faults.count < Self.faultsKept else { return }
        faults.append(input.isEmpty ? what : "\(what), after \(Self.readable(input))")
    }

    mutating func add(_ other: FuzzTally) {
        sent.merge(other.sent, uniquingKeysWith: +)
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        closedConnections += other.closedConnections
        goodRequests += other.goodRequests
        faultCount += other.faultCount
        faults += other.faults.prefix(Self.faultsKept - faults.count)
    }

    var summary: String {
        var lines: [String] = []
        for kind in FuzzKind.allCases {
            lines.append("\(kind.rawValue): \(sent[kind] ?? 0)")
            let prefix = kind.rawValue + ": "
            for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) where outcome.hasPrefix(prefix) {
                lines.append("    \(outcome.dropFirst(prefix.count)): \(count)")
            }
        }
        lines.append("connections closed instead of an answer: \(closedConnections)")
        lines.append("good requests in between: \(goodRequests), faults: \(faultCount)")
        return lines.joined(separator: "\n")
    }

    /// Printable ASCII as it is, the rest as `\xNN`.
    private static func readable(_ bytes: [UInt8]) -> String {
        bytes.prefix(1500).map { byte in
            (0x20..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16)
        }.joined()
    }
}
