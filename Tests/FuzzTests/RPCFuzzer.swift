import RPC
import SeededRandom

/// Makes and sends wrong inputs for a service's RPC port.
struct RPCFuzzer {
    private let service: FuzzTarget.Service
    private let token: String
    /// For frames that leave the connection whole: many to a connection.
    private var kept: RPCFuzzConnection?

    private static let kinds: [FuzzKind] = [
        .randomFrames, .truncatedFrame, .flippedFrame, .flippedCheckedFrame, .flippedCheckedFrame, .mutatedMessage, .mutatedMessage,
    ]
    private static let typeByte = 4

    init(_ service: FuzzTarget.Service, token: String) {
        self.service = service
        self.token = token
    }

    mutating func sendOne(_ random: inout SplitMix64, _ tally: inout FuzzTally) {
        let kind = random.pick(Self.kinds)
        do throws(FuzzSocketError) {
            if kind == .mutatedMessage { try sendMessage(&random, &tally) } else { try sendBytes(kind, &random, &tally) }
        } catch {
            tally.count(kind, "not connected")
            tally.fault("\(error)")
        }
    }

    /// A frame or bytes that may be none, on a connection of its own.
    private func sendBytes(_ kind: FuzzKind, _ random: inout SplitMix64, _ tally: inout FuzzTally) throws(FuzzSocketError) {
        var connection = try RPCFuzzConnection(service.address)
        let (input, waits) = input(kind, &random)
        _ = connection.send(input)
        guard waits else { return tally.count(kind, "left") }
        tally.note(connection.outcome(), of: kind, input)
    }

    /// What is sent, and whether an answer or the end can be expected.
    private func input(_ kind: FuzzKind, _ random: inout SplitMix64) -> (bytes: [UInt8], waits: Bool) {
        let seed = random.pick(service.seeds)
        let right = RPCFuzzFrame.call(seed.method, seed.message, token: token, streamID: 1)
        switch kind {
        case .randomFrames:
            let isGreeted = Bool.random(using: &random)
            return ((isGreeted ? RPCFuzzFrame.greeting : []) + random.bytes(16...600), true)
        case .truncatedFrame:
            return (random.truncated(RPCFuzzFrame.greeting + right), false)
        case .flippedFrame:
            // A length that grew makes the server wait for the rest.
            return (RPCFuzzFrame.greeting + random.flipped(right, keeping: 0..<(Bool.random(using: &random) ? 4 : 0)), true)
        default:
            // Most of a frame is its token: half of the flips go to what is before it.
            let area = Bool.random(using: &random) ? right.count : RPCFuzzFrame.metadataStart
            var frame = random.flipped(Array(right[..<area]), keeping: 0..<4) + right[area...]
            RPCFuzzFrame.seal(&frame)
            return (RPCFuzzFrame.greeting + frame, frame[Self.typeByte] == RPCFuzzFrame.request)
        }
    }

    /// A right call but for its message, or for the message being another call's.
    private mutating func sendMessage(_ random: inout SplitMix64, _ tally: inout FuzzTally) throws(FuzzSocketError) {
        var connection: RPCFuzzConnection
        if let kept {
            connection = kept
        } else {
            connection = try RPCFuzzConnection(service.address)
            _ = connection.send(RPCFuzzFrame.greeting)
        }
        let frame = RPCFuzzFrame.call(
            random.pick(service.seeds).method, wrongMessage(&random), token: token, streamID: connection.takeStreamID())
        _ = connection.send(frame)
        let outcome = connection.outcome()
        if case .response = outcome { kept = connection } else { kept = nil }
        tally.note(outcome, of: .mutatedMessage, frame)
    }

    private func wrongMessage(_ random: inout SplitMix64) -> [UInt8] {
        let message = random.pick(service.seeds).message
        switch UInt8.random(in: 0..<4, using: &random) {
        case 0: return random.bytes(0...300)
        case 1: return random.truncated(message)
        default: return random.flipped(message)
        }
    }
}

extension FuzzTally {
    fileprivate mutating func note(_ outcome: RPCFuzzConnection.Outcome, of kind: FuzzKind, _ input: [UInt8]) {
        switch outcome {
        case .response(let status):
            let code = StatusCode(rawValue: status)
            count(kind, code.map { "\($0)" } ?? "status \(status)")
            if code == .internal || code == .unknown || code == .dataLoss || code == nil { fault("RPC status \(status)", input: input) }
        case .closed: countClosed(kind)
        case .noAnswer: count(kind, "no answer in time")
        }
    }
}
