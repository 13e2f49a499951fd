import FoundationEssentials

/// A JSON file of settings, nested by the dots of their keys.
struct SettingsFile {
    let path: String
    /// By key.
    private(set) var contents: [String: SettingContent] = [:]

    /// - Throws: where the file can't be read, or holds a key that is no setting.
    init(path: String, settings: [Setting]) throws(ConfigurationError) {
        self.path = path
        do {
            let bytes = try LocalFile.read(path, atMost: 1 << 20)
            add(try JSONDecoder().decode([String: Node].self, from: Data(bytes)), under: "")
        } catch {
            throw ConfigurationError([.init(path, "cannot be read as a JSON object of settings (\(error))")])
        }
        let unknown = Set(contents.keys).subtracting(settings.map(\.key)).sorted()
        guard unknown.isEmpty else { throw ConfigurationError(unknown.map { .init("\($0) in \(path)", "there is no such setting") }) }
    }

    private mutating func add(_ object: [String: Node], under prefix: String) {
        for (name, node) in object {
            switch node {
            case .object(let inner): add(inner, under: "\(prefix)\(name).")
            case .content(let content): contents[prefix + name] = content
            }
        }
    }

    private indirect enum Node: Decodable {
        case object([String: Node])
        case content(SettingContent)

        init(from decoder: any Decoder) throws {
            if let object = try? [String: Node](from: decoder) {
                self = .object(object)
                return
            }
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                self = .content(.text(text))
            } else if let number = try? value.decode(Int.self) {
                self = .content(.integer(number))
            } else if let list = try? value.decode([String].self) {
                self = .content(.list(list))
            } else {
                self = .content(.other)
            }
        }
    }
}
