/// Fields of a JSON object, whole and with commas between them, made once and added to many lines.
struct PreparedFields {
    let bytes: [UInt8]

    init(_ add: (inout JSONLine) -> Void) {
        var line = JSONLine(limit: JSONLine.logLimit)
        add(&line)
        bytes = Array(line.bytes.dropFirst())
    }
}
