/// Why a connection ends. The numbers stand in Protos/WIRE.md.
enum GoAwayReason: UInt32 {
    case shutdown = 0
    case protocolError = 1
    case checksumMismatch = 2
    case tooLarge = 3
    case tooManyControlFrames = 4
    case tooSlow = 5
    case idle = 6
}

/// Something the other side did that ends the connection.
struct ConnectionFault: Error, Equatable {
    let reason: GoAwayReason
    /// For the log and the GOAWAY frame: never what the other side sent.
    let message: String

    init(_ reason: GoAwayReason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}
