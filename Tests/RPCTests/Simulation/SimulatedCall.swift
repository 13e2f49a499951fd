import NIOCore

@testable import RPC

/// A call as its caller sees it, and what the server knows of it.
final class SimulatedCall {
    enum Outcome: Equatable {
        case answered
        case refused
        /// It may or may not have been done.
        case unknown
        case failed(StatusCode)
        case gaveUp
    }

    let plan: SimulationPlan.Call
    /// Reads its answer, if that is a stream.
    let reader: SimulatedReader?
    var streamID: UInt32 = 0
    var link: SimulatedLink?
    private(set) var outcomes: [Outcome] = []
    private(set) var isCorrupt = false
    /// Where the server answered it.
    private(set) var answeredOn: SimulatedLink?

    init(_ plan: SimulationPlan.Call) {
        self.plan = plan
        reader = plan.stream.map(SimulatedReader.init)
    }

    var hasEnded: Bool { !outcomes.isEmpty }

    var request: ByteBuffer { SimulatedCall.message(plan.number, byteCount: plan.requestBytes) }
    var answer: ByteBuffer { SimulatedCall.message(plan.number + 1000, byteCount: plan.answerBytes) }

    /// A message of its stream.
    func message(_ index: Int, of stream: SimulatedStreamPlan) -> ByteBuffer {
        SimulatedCall.message(plan.number + 2000 + 100 * index, byteCount: stream.byteCount(of: index))
    }

    func receive(_ message: ByteBuffer) {
        guard let reader else { return isCorrupt = true }
        reader.receive(message, insteadOf: self.message(reader.receivedCount, of: reader.plan))
    }

    func end(_ outcome: Outcome) {
        outcomes.append(outcome)
    }

    func end(_ response: Response) {
        switch response.outcome {
        case .message(let message):
            isCorrupt = reader.map { !$0.isComplete || message.readableBytes > 0 } ?? (message != answer)
            end(.answered)
        case .error(let error): end(response.isNotProcessed ? .refused : .failed(error.code))
        }
    }

    func wasAnswered(on link: SimulatedLink) {
        answeredOn = link
    }

    /// Bytes that a number determines, so that any change shows.
    private static func message(_ number: Int, byteCount: Int) -> ByteBuffer {
        var message = ByteBuffer(integer: UInt64(number))
        message.writeRepeatingByte(UInt8(truncatingIfNeeded: number &* 37 &+ byteCount), count: byteCount - 8)
        return message
    }
}
