/// The places where a setting can be set, the strongest first: flag, environment, file.
struct SettingSources {
    private let flags: CommandLineFlags
    private let environment: [String: String]
    private var file: SettingsFile?

    /// Reads the configuration file too, where `arguments` or `environment` name one. `arguments` are without the
    /// program's name. A flag or a key of the file that is no setting is refused.
    init(arguments: [String], environment: [String: String], settings: [Setting]) throws(ConfigurationError) {
        flags = try CommandLineFlags(arguments, settings: settings + [Settings.file])
        self.environment = environment
        if let path = try value(of: Settings.file)?.text, !path.isEmpty { file = try SettingsFile(path: path, settings: settings) }
    }

    /// The file that flag or environment name.
    var filePath: String? { file?.path }

    /// The strongest source's value and what the setting is called there; nil where no source sets it.
    func value(of setting: Setting) throws(ConfigurationError) -> (text: String, name: String)? {
        if let words = flags.words(of: setting) {
            return (try setting.text(of: SettingContent(words, as: setting.shape), in: setting.flag), setting.flag)
        }
        if let word = environment[setting.environmentName] {
            let name = setting.environmentName
            return (try setting.text(of: SettingContent([word], as: setting.shape), in: name), name)
        }
        guard let file, let content = file.contents[setting.key] else { return nil }
        let name = "\(setting.key) in \(file.path)"
        return (try setting.text(of: content, in: name), name)
    }
}

/// What a place holds for a setting.
enum SettingContent: Equatable, Sendable {
    case text(String)
    case integer(Int)
    case list([String])
    /// What no setting is.
    case other

    /// What the words behind a flag or a variable mean: on the command line and in the environment everything is text.
    init(_ words: [String], as shape: Setting.Shape) {
        switch shape {
        case .decision: self = .text(words.last ?? "yes")
        case .text: self = words.last.map(Self.text) ?? .other
        case .integer: self = words.last.flatMap { Int($0) }.map(Self.integer) ?? .other
        case .list: self = words.isEmpty ? .other : .list(words)
        }
    }
}

extension Setting {
    /// The content as one text, the parts of a list between commas.
    ///
    /// - Parameter place: what the setting is called where the content stands.
    fileprivate func text(of content: SettingContent, in place: String) throws(ConfigurationError) -> String {
        switch (shape, content) {
        case (.text, .text(let text)), (.decision, .text(let text)): text
        case (.integer, .integer(let number)): String(number)
        case (.list, .list(let list)): list.joined(separator: ",")
        case (.decision, _): throw ConfigurationError([.init(place, "must be yes or no")])
        case (.text, _): throw ConfigurationError([.init(place, "must be one text")])
        case (.integer, _): throw ConfigurationError([.init(place, "must be a whole number")])
        case (.list, _): throw ConfigurationError([.init(place, "must be a list of texts")])
        }
    }
}
