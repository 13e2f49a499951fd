/// A connection to a service's RPC port, with the greeting said.
struct RPCFuzzConnection {
    /// What came of a frame.
    enum Outcome {
        case response(status: UInt8)
        case closed
        case noAnswer
    }

    private let socket: FuzzSocket
    private var received: [UInt8] = []
    private var nextStreamID: UInt32 = 1

    init(_ address: FuzzAddress) throws(FuzzSocketError) {
        socket = try FuzzSocket(address)
    }

    mutating func takeStreamID() -> UInt32 {
        defer { nextStreamID += 2 }
        return nextStreamID
    }

    func send(_ bytes: [UInt8]) -> Bool { socket.send(bytes) }

    /// Reads until a call is answered or the server leaves.
    mutating func outcome() -> Outcome {
        while true {
            while let (type, payload) = takeFrame() {
                switch type {
                case RPCFuzzFrame.response: return .response(status: payload.first ?? .max)
                case RPCFuzzFrame.goAway: return .closed
                case RPCFuzzFrame.ping: _ = send(RPCFuzzFrame.frame(RPCFuzzFrame.pong, payload: payload))
                default: continue
                }
            }
            switch socket.receive() {
            case .bytes(let more): received += more
            case .closed: return .closed
            case .nothing: return .noAnswer
            }
        }
    }

    /// The next whole frame; the server's preface before the first is passed over.
    private mutating func takeFrame() -> (type: UInt8, payload: [UInt8])? {
        if received.starts(with: [0xF5, 0x52, 0x50, 0x43]), received.count >= 8 { received.removeFirst(8) }
        guard received.count >= RPCFuzzFrame.headerByteCount else { return nil }
        let length = received.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let end = RPCFuzzFrame.headerByteCount + length
        guard received.count >= end else { return nil }
        defer { received.removeFirst(end) }
        return (received[4], Array(received[RPCFuzzFrame.headerByteCount..<end]))
    }
}
