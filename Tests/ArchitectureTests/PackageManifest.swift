/// What Package.swift says of its targets, as far as these tests ask.
struct PackageManifest {
    /// The folder of each target, by its name.
    let folders: [String: String]

    init(text: String) throws {
        let target = try Regex(#"\.(target|testTarget|executableTarget|systemLibrary)\(\s*name: "([^"]+)""#)
        let path = try Regex(#"path: "([^"]+)""#)
        let matches = text.matches(of: target)
        var folders: [String: String] = [:]
        for (index, match) in matches.enumerated() {
            let end = index + 1 < matches.count ? matches[index + 1].range.lowerBound : text.endIndex
            let kind = match.output[1].substring ?? ""
            let name = String(match.output[2].substring ?? "")
            let said = text[match.range.upperBound..<end].firstMatch(of: path)?.output[1].substring
            folders[name] = said.map(String.init) ?? (kind == "testTarget" ? "Tests/\(name)" : "Sources/\(name)")
        }
        self.folders = folders
    }
}
