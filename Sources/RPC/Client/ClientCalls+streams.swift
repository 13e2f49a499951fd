import NIOCore

extension ClientCalls {
    /// A message of a stream. One for a call that was given up is passed over; one that was not granted is not.
    mutating func receiveData(_ frame: Frame) throws(ConnectionFault) -> Event? {
        let streamID = frame.header.streamID
        guard streamID % 2 == 1, streamID < nextStreamID else {
            throw ConnectionFault(.protocolError, "a call was answered that was never made")
        }
        guard let call = calls[streamID] else {
            guard streams.passOver(frame.body.readableBytes) else {
                throw ConnectionFault(.protocolError, "a message came after the end of its stream")
            }
            return nil
        }
        guard streams.spend(frame.body.readableBytes, of: streamID) else {
            throw ConnectionFault(.protocolError, "a message came that was not granted")
        }
        return .received(call, frame.body)
    }

    /// Who reads a stream has taken so many bytes of it: as many more may come.
    mutating func grant(_ byteCount: Int, _ streamID: UInt32, on core: inout ConnectionCore) {
        guard streams.grant(byteCount, to: streamID) else { return }
        core.write { $0.writeWindow(UInt32(clamping: byteCount), streamID: streamID) }
    }
}
