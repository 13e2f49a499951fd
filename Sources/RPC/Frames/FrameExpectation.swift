/// Which frames may come, so that one out of place is refused by its header, before it is awaited.
enum FrameExpectation {
    case any
    /// The first frame of either side.
    case hello
    case fromClient
    case fromServer

    func check(_ type: UInt8) throws(ConnectionFault) {
        switch self {
        case .any: return
        case .hello:
            guard type == FrameType.hello else { throw ConnectionFault(.protocolError, "the first frame is not HELLO") }
        case .fromClient:
            guard type != FrameType.response, type != FrameType.data else { throw FrameExpectation.outOfPlace(type) }
        case .fromServer:
            guard type != FrameType.request, type != FrameType.cancel, type != FrameType.window else {
                throw FrameExpectation.outOfPlace(type)
            }
        }
    }

    private static func outOfPlace(_ type: UInt8) -> ConnectionFault {
        ConnectionFault(.protocolError, "a frame of type \(type) is out of place")
    }
}
