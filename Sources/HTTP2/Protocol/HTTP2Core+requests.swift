import NIOCore

/// Requests and their bodies.
extension HTTP2Core {
    // MARK: Headers

    mutating func receiveHeaders(_ received: HTTP2Frame) throws(HTTP2Fault) -> Event? {
        var frame = received
        let id = frame.streamID
        guard id % 2 == 1 else { throw .connection(.protocolError) }
        try frame.removePadding()
        var fault: HTTP2Fault?
        if frame.has(HTTP2Frame.Flags.priority) {
            guard let dependency = frame.payload.readInteger(as: UInt32.self), frame.payload.readInteger(as: UInt8.self) != nil else {
                throw .connection(.frameSize)
            }
            if dependency & 0x7FFF_FFFF == id { fault = .stream(id, .protocolError) }
        }
        let block = OpenBlock(streamID: id, isEnd: frame.has(HTTP2Frame.Flags.endStream), fault: fault, bytes: frame.payload)
        guard frame.has(HTTP2Frame.Flags.endHeaders) else {
            openBlock = block
            return nil
        }
        return try receive(block)
    }

    mutating func receiveContinuation(_ frame: HTTP2Frame) throws(HTTP2Fault) -> Event? {
        guard var block = openBlock.take(), block.streamID == frame.streamID else { throw .connection(.protocolError) }
        block.continuationCount += 1
        guard block.continuationCount <= limits.continuationCount else { throw .connection(.enhanceYourCalm) }
        block.bytes.writeImmutableBuffer(frame.payload)
        guard frame.has(HTTP2Frame.Flags.endHeaders) else {
            openBlock = block
            return nil
        }
        return try receive(block)
    }

    private mutating func receive(_ block: OpenBlock) throws(HTTP2Fault) -> Event? {
        guard block.streamID > highestStreamID else {
            let (fields, isMalformed) = try decode { decoder throws(HPACKFault) in try decoder.fields(in: block.bytes) }
            return try end(block, isWellFormed: !isMalformed && fields.areTrailers)
        }
        return try begin(try decode { decoder throws(HPACKFault) in try decoder.request(in: block.bytes) }, block)
    }

    private mutating func decode<Read>(_ read: (inout HPACKDecoder) throws(HPACKFault) -> Read) throws(HTTP2Fault) -> Read {
        do throws(HPACKFault) {
            return try read(&decoder)
        } catch {
            throw .connection(error == .tooLarge ? .enhanceYourCalm : .compression)
        }
    }

    private mutating func begin(_ header: ReceivedHeader, _ block: OpenBlock) throws(HTTP2Fault) -> Event {
        if let fault = block.fault { throw fault }
        guard header.fault == nil, !block.isEnd || (header.contentLength ?? 0) == 0 else {
            throw .stream(block.streamID, .protocolError)
        }
        highestStreamID = block.streamID
        let stream = HTTP2Stream(block.streamID, sendWindow: output.initialWindow, receiveWindow: streamWindow)
        stream.hasRequestEnded = block.isEnd
        stream.bytesDue = header.contentLength
        streams.insert(stream)
        return .began(stream, header)
    }

    /// Until the client has read our settings, it may send what the protocol grants by itself.
    private var streamWindow: ReceiveWindow {
        let whole = limits.streamWindowByteCount
        return ReceiveWindow(whole, initial: hasAcknowledgement ? whole : max(whole, SendWindow.initial))
    }

    /// A second header on a stream stands behind its body.
    private mutating func end(_ block: OpenBlock, isWellFormed: Bool) throws(HTTP2Fault) -> Event? {
        let id = block.streamID
        guard let stream = streams[id] else {
            switch endedStreams[id] {
            case .here: return nil
            case .byClient: throw .connection(.streamClosed)
            case nil: throw .connection(.protocolError)
            }
        }
        guard !stream.hasRequestEnded else { throw .stream(id, .streamClosed) }
        if let fault = block.fault { throw fault }
        guard block.isEnd, isWellFormed, (stream.bytesDue ?? 0) == 0 else { throw .stream(id, .protocolError) }
        stream.hasRequestEnded = true
        closeIfDone(stream)
        return .trailers(stream)
    }

    // MARK: Bodies

    mutating func receiveData(_ received: HTTP2Frame) throws(HTTP2Fault) -> Event? {
        var frame = received
        let (id, length) = (frame.streamID, frame.payload.readableBytes)
        let isEnd = frame.has(HTTP2Frame.Flags.endStream)
        guard !isIdle(id) else { throw .connection(.protocolError) }
        guard receiveWindow.take(length) else { throw .connection(.flowControl) }
        if let granted = receiveWindow.grant() { output.writeWindowUpdate(of: 0, by: granted) }
        try frame.removePadding()
        try noteEmpty(frame.payload.readableBytes == 0 && !isEnd)
        guard let stream = streams[id] else {
            if endedStreams[id] == .here { return nil }
            throw .stream(id, .streamClosed)
        }
        guard !stream.hasRequestEnded else { throw .stream(id, .streamClosed) }
        guard stream.receiveWindow.take(length) else { throw .stream(id, .flowControl) }
        try count(frame.payload.readableBytes, isEnd: isEnd, of: stream)
        stream.hasRequestEnded = isEnd
        if !isEnd, !stream.hasAnswerEnded, let granted = stream.receiveWindow.grant() { output.writeWindowUpdate(of: id, by: granted) }
        closeIfDone(stream)
        return .body(stream, frame.payload, isEnd: isEnd)
    }

    private mutating func noteEmpty(_ isEmpty: Bool) throws(HTTP2Fault) {
        emptyDataCount = isEmpty ? emptyDataCount + 1 : 0
        guard emptyDataCount <= limits.emptyDataCount else { throw .connection(.enhanceYourCalm) }
    }

    /// A body is as long as its header says.
    private func count(_ byteCount: Int, isEnd: Bool, of stream: HTTP2Stream) throws(HTTP2Fault) {
        guard let due = stream.bytesDue else { return }
        guard byteCount <= due, !isEnd || byteCount == due else { throw .stream(stream.id, .protocolError) }
        stream.bytesDue = due - byteCount
    }
}
