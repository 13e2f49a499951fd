import NIOCore

/// Frames that say something of the connection, or of a stream as a whole.
extension HTTP2Core {
    mutating func receiveWindowUpdate(_ received: HTTP2Frame) throws(HTTP2Fault) {
        var frame = received
        let id = frame.streamID
        guard frame.payload.readableBytes == 4, let number = frame.payload.readInteger(as: UInt32.self) else {
            throw .connection(.frameSize)
        }
        // Those that follow data are as many as these; others cost a look and carry nothing.
        guard output.window.takeUpdate() || controlPace.note(at: receivedAt) else { throw .connection(.enhanceYourCalm) }
        let increment = Int(number & 0x7FFF_FFFF)
        guard id != 0 else {
            guard increment > 0 else { throw .connection(.protocolError) }
            guard output.window.grow(by: increment) else { throw .connection(.flowControl) }
            return
        }
        guard !isIdle(id) else { throw .connection(.protocolError) }
        // It may have crossed the stream's end.
        guard let stream = streams[id] else { return }
        guard increment > 0 else { throw .stream(id, .protocolError) }
        guard stream.outgoing.window.grow(by: increment) else { throw .stream(id, .flowControl) }
        output.noteReady(stream)
    }

    mutating func receiveReset(_ frame: HTTP2Frame) throws(HTTP2Fault) {
        guard frame.payload.readableBytes == 4 else { throw .connection(.frameSize) }
        guard !isIdle(frame.streamID) else { throw .connection(.protocolError) }
        guard resetPace.note(at: receivedAt) else { throw .connection(.enhanceYourCalm) }
        if let stream = streams[frame.streamID] { remove(stream, .byClient) }
    }

    /// What costs an answer, or at least a look, and carries nothing: it may come so often and no oftener.
    mutating func receiveControl(_ frame: HTTP2Frame) throws(HTTP2Fault) {
        guard controlPace.note(at: receivedAt) else { throw .connection(.enhanceYourCalm) }
        switch frame.kind {
        case HTTP2Frame.Kind.settings: try receiveSettings(frame)
        case HTTP2Frame.Kind.ping: try receivePing(frame)
        case HTTP2Frame.Kind.priority: try receivePriority(frame)
        case HTTP2Frame.Kind.goAway:
            guard frame.streamID == 0 else { throw .connection(.protocolError) }
            guard frame.payload.readableBytes >= 8 else { throw .connection(.frameSize) }
        default: break
        }
    }

    private mutating func receivePing(_ frame: HTTP2Frame) throws(HTTP2Fault) {
        guard frame.streamID == 0 else { throw .connection(.protocolError) }
        guard frame.payload.readableBytes == 8 else { throw .connection(.frameSize) }
        if !frame.has(HTTP2Frame.Flags.ack) { output.writePingAnswer(frame.payload) }
    }

    /// Priorities are read for what is wrong with them, and have no effect (RFC 9113, 5.3).
    private func receivePriority(_ received: HTTP2Frame) throws(HTTP2Fault) {
        var frame = received
        guard frame.streamID != 0 else { throw .connection(.protocolError) }
        guard frame.payload.readableBytes == 5, let dependency = frame.payload.readInteger(as: UInt32.self) else {
            // Nothing is known of a stream that was never opened, so there is nothing to reset.
            throw isIdle(frame.streamID) ? .connection(.frameSize) : .stream(frame.streamID, .frameSize)
        }
        guard dependency & 0x7FFF_FFFF != frame.streamID else {
            throw isIdle(frame.streamID) ? .connection(.protocolError) : .stream(frame.streamID, .protocolError)
        }
    }

    // MARK: Settings

    private mutating func receiveSettings(_ received: HTTP2Frame) throws(HTTP2Fault) {
        var frame = received
        guard frame.streamID == 0 else { throw .connection(.protocolError) }
        guard frame.payload.readableBytes % 6 == 0 else { throw .connection(.frameSize) }
        guard !frame.has(HTTP2Frame.Flags.ack) else {
            guard frame.payload.readableBytes == 0 else { throw .connection(.frameSize) }
            hasAcknowledgement = true
            return
        }
        hasSettings = true
        while let (name, value) = frame.payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
            if let setting = HTTP2Setting(rawValue: name) { try set(setting, to: Int(value)) }
        }
        output.writeSettingsAnswer()
    }

    private mutating func set(_ setting: HTTP2Setting, to value: Int) throws(HTTP2Fault) {
        switch setting {
        case .headerTableSize: output.encoder.setTableLimit(value)
        case .enablePush: guard value <= 1 else { throw .connection(.protocolError) }
        case .initialWindowSize: try setInitialWindow(value)
        case .maxFrameSize:
            guard (HTTP2Frame.lengthLimit...0xFF_FFFF).contains(value) else { throw .connection(.protocolError) }
        case .maxConcurrentStreams, .maxHeaderListSize: break
        }
    }

    /// The windows of streams that are open change by as much (RFC 9113, 6.9.2).
    private mutating func setInitialWindow(_ value: Int) throws(HTTP2Fault) {
        guard value <= SendWindow.most else { throw .connection(.flowControl) }
        let change = value - output.initialWindow
        output.initialWindow = value
        guard change != 0 else { return }
        for stream in streams.all {
            guard stream.outgoing.window.grow(by: change) else { throw .connection(.flowControl) }
            output.noteReady(stream)
        }
    }
}

/// What a side tells of itself (RFC 9113, 6.5.2).
enum HTTP2Setting: UInt16 {
    case headerTableSize = 1
    case enablePush = 2
    case maxConcurrentStreams = 3
    case initialWindowSize = 4
    case maxFrameSize = 5
    case maxHeaderListSize = 6
}
