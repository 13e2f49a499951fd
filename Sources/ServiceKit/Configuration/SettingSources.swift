import Configuration
import FoundationEssentials

/// The places where a setting can be set, the strongest first: flag, environment, file.
struct SettingSources {
    private struct Source {
        let provider: any ConfigProvider
        /// What the setting is called there.
        let name: @Sendable (Setting) -> String
    }

    private let sources: [Source]

    /// Reads the configuration file too, where `arguments` or `environment` name one. `arguments` are without the
    /// program's name. A flag or a key of the file that is no setting is refused.
    init(arguments: [String], environment: [String: String], settings: [Setting]) async throws {
        let command = Source(provider: CommandLineArgumentsProvider(arguments: [""] + arguments)) { $0.flag }
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "hms")
        let environment = Source(provider: variables) { $0.environmentName }
        try Self.refuseUnknownFlags(in: arguments, settings: settings)

        var sources = [command, environment]
        if let path = try SettingSources(sources: sources).value(of: Settings.file)?.text, !path.isEmpty {
            let file = try await Self.fileProvider(path: path, settings: settings)
            sources.append(Source(provider: file) { "\($0.key) in \(path)" })
            filePath = path
        }
        self.sources = sources
    }

    private init(sources: [Source]) {
        self.sources = sources
    }

    /// The strongest source's value and what the setting is called there; nil where no source sets it.
    func value(of setting: Setting) throws -> (text: String, name: String)? {
        for source in sources {
            guard let content = try content(of: setting, in: source) else { continue }
            return (content, source.name(setting))
        }
        return nil
    }

    private func content(of setting: Setting, in source: Source) throws -> String? {
        let key = AbsoluteConfigKey(setting.components)
        do {
            switch try source.provider.value(forKey: key, type: setting.shape.configType).value?.content {
            case .string(let text): return text
            case .int(let number): return String(number)
            case .stringArray(let list): return list.joined(separator: ",")
            case nil: return nil
            case .double, .bool, .bytes, .intArray, .doubleArray, .boolArray, .byteChunkArray:
                throw ConfigurationError([.init(source.name(setting), "must be \(setting.shape.inWords)")])
            }
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError([.init(source.name(setting), "must be \(setting.shape.inWords)")])
        }
    }

    /// The file that flag or environment name.
    private(set) var filePath: String?

    /// Every argument must be a setting's flag or its value; nothing is passed over.
    private static func refuseUnknownFlags(in arguments: [String], settings: [Setting]) throws {
        let known = (settings + [Settings.file]).map(\.flag)
        var problems: [ConfigurationError.Problem] = []
        var expectsValue = false
        for argument in arguments {
            let flag = String(argument.prefix { $0 != "=" })
            let isFlag = argument.hasPrefix("--")
            if !known.contains(flag), isFlag || !expectsValue {
                problems.append(.init(flag, "there is no such setting\(Spelling.question(flag, among: known))"))
            }
            // What follows an unknown flag is its value, and no mistake of its own.
            expectsValue = isFlag && flag == argument
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    private static func fileProvider(path: String, settings: [Setting]) async throws -> FileProvider<JSONSnapshot> {
        do {
            let keys = try ConfigurationFileKeys(path: path)
            let known = Set(settings.map(\.key))
            let unknown = keys.all.filter { !known.contains($0) }.sorted()
            guard unknown.isEmpty else {
                throw ConfigurationError(unknown.map { ConfigurationError.Problem("\($0) in \(path)", "there is no such setting") })
            }
            let location = ConfigReader(provider: InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)]))
            return try await FileProvider<JSONSnapshot>(config: location)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError([.init(path, "cannot be read as a JSON object of settings (\(error))")])
        }
    }
}

extension Setting.Shape {
    fileprivate var configType: ConfigType {
        switch self {
        case .text: .string
        case .integer: .int
        case .list: .stringArray
        }
    }

    fileprivate var inWords: String {
        switch self {
        case .text: "one text"
        case .integer: "a whole number"
        case .list: "a list of texts"
        }
    }
}

/// The keys of a JSON configuration file, nested objects joined by dots.
private struct ConfigurationFileKeys {
    private(set) var all: [String] = []

    init(path: String) throws {
        let bytes = try LocalFile.read(path, atMost: 1 << 20)
        append(try JSONDecoder().decode([String: Node].self, from: Data(bytes)), under: "")
    }

    private mutating func append(_ object: [String: Node], under prefix: String) {
        for (name, node) in object {
            switch node {
            case .object(let inner): append(inner, under: "\(prefix)\(name).")
            case .leaf: all.append(prefix + name)
            }
        }
    }

    private indirect enum Node: Decodable {
        case object([String: Node])
        case leaf

        init(from decoder: any Decoder) throws {
            guard (try? decoder.container(keyedBy: AnyKey.self)) != nil else {
                self = .leaf
                return
            }
            self = .object(try [String: Node](from: decoder))
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            return nil
        }
    }
}
