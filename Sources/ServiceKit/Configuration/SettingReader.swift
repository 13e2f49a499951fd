/// Why a value cannot be taken, as the end of a sentence that began with the setting's name.
struct SettingRefusal: Error {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// Reads settings one after the other and remembers every problem, so that all of them are told at once.
struct SettingReader {
    private let sources: SettingSources
    private(set) var problems: [ConfigurationError.Problem] = []
    private(set) var values: [SettingValue] = []

    init(sources: SettingSources) {
        self.sources = sources
    }

    /// The setting's value, checked. Where it is wrong or not set and without default: `fallback`.
    mutating func read<Value>(_ setting: Setting, _ check: (String) throws(SettingRefusal) -> Value, else fallback: Value) -> Value {
        guard let value = lookUp(setting), !(value.text.isEmpty && setting.defaultValue.isEmpty) else { return fallback }
        do {
            return try check(value.text)
        } catch {
            problems.append(.init(value.origin ?? setting.key, error.sentence))
            return fallback
        }
    }

    /// A value that may be missing and may be any text; nil where it is empty.
    mutating func readText(_ setting: Setting) -> String? {
        guard let value = lookUp(setting), !value.text.isEmpty else { return nil }
        return value.text
    }

    /// Refuses a value that is right in itself, but not together with others.
    mutating func refuse(_ setting: Setting, _ sentence: String) {
        let origin = values.last { $0.setting == setting }?.origin
        problems.append(.init(origin ?? setting.key, sentence))
    }

    private mutating func lookUp(_ setting: Setting) -> SettingValue? {
        do {
            let found = try sources.value(of: setting)
            let value = SettingValue(setting: setting, text: found?.text ?? setting.defaultValue, origin: found?.name)
            values.append(value)
            return value
        } catch {
            problems.append(contentsOf: error.problems)
            return nil
        }
    }
}
