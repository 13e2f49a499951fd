import ConformanceMessages
import ProtobufC

// Answers Google's conformance runner until it closes the input.
let answerer = ConformanceAnswerer()
while let bytes = try StandardStreams.readFrame() {
    let response = answerer.answer(to: try ConformanceRequest(protobuf: bytes))
    try StandardStreams.writeFrame(response.protobuf())
}
