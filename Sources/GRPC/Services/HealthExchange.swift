import Contracts
import HTTP2
import NIOCore
import RPC

/// `grpc.health.v1.Health`: whether a service can do its work, asked once or for as long as it is listened to.
final class HealthExchange: GRPCExchange {
    /// As the messages of `grpc.health.v1` have it.
    private enum Status: UInt64 {
        case serving = 1
        case notServing = 2
        case unknown = 3

        init(_ isServing: Bool?) {
            self = isServing.map { $0 ? .serving : .notServing } ?? .unknown
        }

        var message: ByteBuffer {
            var message = ByteBuffer()
            message.writeField(1, rawValue)
            return message
        }
    }

    static let service = "grpc.health.v1.Health"
    private static let pace = Duration.seconds(1)

    private let isWatching: Bool
    private var service = ""

    init(_ header: GRPCHeader, isWatching: Bool, on stream: HTTP2Stream, through door: any GRPCDoor) {
        self.isWatching = isWatching
        super.init(header, on: stream, through: door, messageLimit: 1024)
    }

    override func received(message: ByteBuffer) {
        for field in ProtobufFields(message) where field.number == 1 { service = field.value.text ?? "" }
    }

    override func messagesEnded() {
        stream.pauseTime()
        let exchange = NIOLoopBound(self, eventLoop: door.executor.eventLoop)
        task = Task.immediate(executorPreference: door.executor) {
            await exchange.value.follow()
        }
    }

    private func follow() async {
        var last: Status?
        while !hasEnded {
            let status = Status(await door.isServing(service))
            guard !hasEnded, tell(status, after: last) else { return }
            last = status
            // Throws only where the call is cancelled, and then nobody is told anything any more.
            try? await Task.sleep(for: Self.pace)
        }
    }

    override func connectionDrains() {
        if isWatching { fail(.unavailable("the server is shutting down")) }
    }

    /// False where nothing more is to be told.
    private func tell(_ status: Status, after last: Status?) -> Bool {
        guard isWatching else {
            if status == .unknown { fail(.notFound("SERVICE_NOT_FOUND")) } else { send(status.message) }
            end()
            return false
        }
        if status != last { send(status.message) }
        return true
    }
}
