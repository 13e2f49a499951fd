import NIOCore

@testable import RPC

/// How a call is answered by a stream, and how that is read.
struct SimulatedStreamPlan {
    let messageCount: Int
    let largestMessage: Int
    let windowKiB: UInt16
    /// Between two messages of the handler.
    let writerPause: TimeAmount
    /// Between two messages that are read; nil: none ever is.
    let readerPause: TimeAmount?

    func byteCount(of index: Int) -> Int {
        8 + index &* 2_654_435_761 % largestMessage
    }
}

/// Reads the stream of a call: each message once, in their order, whole.
final class SimulatedReader {
    let plan: SimulatedStreamPlan
    private(set) var receivedCount = 0
    /// Came, and not taken yet.
    private(set) var unreadByteCount = 0
    private(set) var isCorrupt = false
    private var unread: [Int] = []
    private var takenByteCount = 0

    init(_ plan: SimulatedStreamPlan) {
        self.plan = plan
    }

    var isComplete: Bool { receivedCount == plan.messageCount && !isCorrupt }
    var hasUnread: Bool { !unread.isEmpty }

    /// More than was granted is never here.
    var isOverfull: Bool {
        unreadByteCount > Int(plan.windowKiB) * 1024 + StreamCredit.cost(of: plan.largestMessage + 8)
    }

    func receive(_ message: ByteBuffer, insteadOf expected: ByteBuffer) {
        if message != expected { isCorrupt = true }
        receivedCount += 1
        let cost = StreamCredit.cost(of: message.readableBytes)
        unread.append(cost)
        unreadByteCount += cost
    }

    /// Takes a message, and answers what to grant anew.
    func take() -> Int {
        guard !unread.isEmpty else { return 0 }
        let cost = unread.removeFirst()
        unreadByteCount -= cost
        takenByteCount += cost
        guard takenByteCount >= Int(plan.windowKiB) * 512 else { return 0 }
        defer { takenByteCount = 0 }
        return takenByteCount
    }
}
