import NIOCore
import ProtobufC

/// A message in a frame: as it came or was encoded before, or laid out, to be packed where it leaves from.
package enum FrameMessage {
    case payload(ByteBuffer)
    case packed(PackedMessage)

    package var byteCount: Int {
        switch self {
        case .payload(let payload): payload.readableBytes
        case .packed(let message): message.byteCount
        }
    }

    /// The message in a buffer of its own, or in that of the frame it came in.
    package var payload: ByteBuffer {
        switch self {
        case .payload(let payload): payload
        case .packed(let message): ByteBuffer(message)
        }
    }

    func write(to bytes: inout ByteBuffer) {
        switch self {
        case .payload(let payload): bytes.writeImmutableBuffer(payload)
        case .packed(let message): message.append(to: &bytes)
        }
    }
}
