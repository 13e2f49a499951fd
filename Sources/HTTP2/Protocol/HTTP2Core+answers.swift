import NIOCore

/// Answers on their way out.
extension HTTP2Core {
    /// Sends a header, or trailers behind the body.
    mutating func send(_ header: SentHeader, on stream: HTTP2Stream, isEnd: Bool) {
        guard isOpen(stream), !stream.outgoing.hasLeft else { return }
        guard !stream.outgoing.isWaiting else { return stream.outgoing.wait(withTrailers: header) }
        output.writeHeader(of: stream.id, header, isEnd: isEnd)
        if isEnd { noteEnd(of: stream) }
    }

    /// Sends a piece of the body, which `write` writes: at once, or as soon as the client takes it.
    mutating func send(
        _ byteCount: Int, on stream: HTTP2Stream, isEnd: Bool, promise: EventLoopPromise<Void>?, _ write: (inout ByteBuffer) -> Void
    ) {
        guard isOpen(stream), !stream.outgoing.hasLeft else { return stream.breakPromise(promise) }
        guard output.takesAtOnce(byteCount, of: stream) else {
            var bytes = ByteBuffer()
            bytes.reserveCapacity(byteCount)
            write(&bytes)
            stream.outgoing.wait(with: OutgoingAnswer.Piece(bytes: bytes, promise: promise), isEnd: isEnd)
            return output.noteReady(stream)
        }
        output.writeData(of: stream, byteCount, isEnd: isEnd, write)
        output.tellWhenWritten(promise)
        if isEnd { noteEnd(of: stream) }
    }

    /// Writes what waits, as far as windows and room go.
    mutating func goOn() {
        while let stream = output.writeNext() {
            guard isOpen(stream) else { continue }
            if let trailers = stream.outgoing.nextTrailers() {
                output.writeHeader(of: stream.id, trailers, isEnd: true)
                noteEnd(of: stream)
            }
            closeIfDone(stream)
        }
    }

    private mutating func noteEnd(of stream: HTTP2Stream) {
        stream.outgoing.noteEnd()
        closeIfDone(stream)
    }

    /// Takes on no more requests.
    mutating func sayGoAway() {
        output.writeGoAway(last: lastStreamID, .noError)
    }

    /// Whether there is anything to tell or to write that need not wait.
    var canGoOn: Bool { !closed.isEmpty || output.mayGoOn }
}
