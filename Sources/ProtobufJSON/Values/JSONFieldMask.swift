extension JSONWriter {
    /// Writes the paths of a google.protobuf.FieldMask as one text. In the proto3 mapping they are lowerCamelCase, and a path
    /// that would not come back the same has no JSON form.
    public mutating func appendFieldMask(_ paths: [String]) {
        guard !options.usesContractNames else { return appendText(paths.joined(separator: ",")) }
        let camel = paths.map { $0.lowerCamelPath }
        guard zip(paths, camel).allSatisfy({ $0 == $1.snakePath }) else { return fail(.unwritableFieldMask) }
        appendText(camel.joined(separator: ","))
    }
}

extension JSONReader {
    /// Reads the paths of a google.protobuf.FieldMask, as the contract writes them.
    public mutating func readFieldMask() throws -> [String] {
        let text = try readText()
        let paths = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if options.usesContractNames { return paths }
        guard !text.utf8.contains(UInt8(ascii: "_")) else { throw mistake("must hold paths in lowerCamelCase") }
        return paths.map(\.snakePath)
    }
}

extension String {
    /// `display_name` → `displayName`
    fileprivate var lowerCamelPath: String {
        var camel = ""
        var isAfterUnderscore = false
        for scalar in unicodeScalars {
            if isAfterUnderscore {
                camel += String(scalar).uppercased()
            } else if scalar != "_" {
                camel.unicodeScalars.append(scalar)
            }
            isAfterUnderscore = !isAfterUnderscore && scalar == "_"
        }
        return camel
    }

    /// `displayName` → `display_name`
    fileprivate var snakePath: String {
        var snake = ""
        for scalar in unicodeScalars {
            if ("A"..."Z").contains(scalar) { snake += "_" }
            snake += String(scalar).lowercased()
        }
        return snake
    }
}
