import ServiceKit
import SignIn

/// Where somebody who is signed in sees to his password, his second factor and his sessions.
struct AccountPage {
    /// What can be done there.
    enum Form: String {
        case password
        case turnOn = "second-factor"
        case turnOff = "second-factor/off"
        case endSessions = "sessions/end"
    }

    let person: SignedInPerson
    /// Nil where he has no second factor.
    let codesLeft: Int?
    /// Whether he can't be without one.
    let needsSecondFactor: Bool
    /// Why something didn't work, in that form.
    var refused: (form: Form, message: String)?

    /// Who is signed in has said his name.
    var notProved: String { codesLeft == nil ? "The password is wrong." : "The password is wrong, or the code." }

    var page: FormPage {
        FormPage(
            title: "Your account", message: refused?.message ?? "",
            content: "\(who)\n\(person.userName.map(own) ?? Self.elsewhere)\n\(ways)")
    }

    private var who: String {
        "<p class=\"who\">\(FormPage.escaped(person.name)) <span class=\"role\">\(person.role.rawValue)</span></p>"
    }

    private static let elsewhere = "<p class=\"none\">You sign in at your organization: your password and your second factor are there.</p>"

    private func own(_ name: String) -> String {
        let hasCode = codesLeft != nil
        let turnOn = form(
            .turnOn, hasCode ? "Set it up on another telephone" : "Turn it on", name, button: "Go on",
            proof(.turnOn) + "<p class=\"hint\">Then you see a key for an app that makes such codes.</p>")
        let turnOff = form(.turnOff, "Turn it off", name, button: "Turn it off", proof(.turnOff))
        return """
            <section>
              <h2>Second factor <span class="state\(hasCode ? " on" : "")">\(hasCode ? "on" : "off")</span></h2>
              <p>\(state)</p>
            \(turnOn)\(hasCode && !needsSecondFactor ? turnOff : "")
            </section>
            <section>
              <h2>Password</h2>
            \(form(.password, "Choose another one", name, button: "Choose it", proof(.password) + SignInPage.newPassword(of: Form.password.prefix)))
            </section>
            <section>
              <h2>Other browsers</h2>
            \(form(.endSessions, "Sign out everywhere else", name, button: "Sign out there", proof(.endSessions)))
            </section>
            """
    }

    private var state: String {
        guard let codesLeft else {
            return "You sign in by your password alone. With a second factor, a code of an app is asked for as well."
        }
        let codes = codesLeft == 1 ? "One code on paper is" : "\(codesLeft == 0 ? "No" : "\(codesLeft)") codes on paper are"
        return "A code of your app is asked for beside your password. \(codes) left."
    }

    /// What proves that it is he.
    private func proof(_ form: Form) -> String {
        let password = FormField.password(
            form == .password ? "Password until now" : "Password", of: form.prefix, isFirst: refused?.form == form)
        guard codesLeft != nil else { return password.html }
        return password.html + FormField.code("Code <small>of your app, or one on paper</small>", of: form.prefix, isRequired: true).html
    }

    private func form(_ form: Form, _ title: String, _ name: String, button: String, _ fields: String) -> String {
        """
          <details\(refused?.form == form ? " open" : "")>
          <summary>\(title)</summary>
          <form method="post" action="/account/\(form.rawValue)">
          <input type="text" value="\(FormPage.escaped(name))" autocomplete="username" hidden>
        \(fields)\
          <button>\(button)</button>
          </form>
          </details>

        """
    }

    private var ways: String {
        """
        <p class="more"><a href="/docs">The API</a>\(person.role == .admin ? " · <a href=\"/ops\">The running hospital</a>" : "")</p>
        <form method="post" action="/session/end"><button class="quiet">Sign out</button></form>
        """
    }
}

extension AccountPage.Form {
    /// So that every field of the page has a name of its own.
    fileprivate var prefix: String {
        switch self {
        case .password: "choose-"
        case .turnOn: "on-"
        case .turnOff: "off-"
        case .endSessions: "end-"
        }
    }
}

/// Where somebody is shown a key for his app, and proves that it is there.
struct SecondFactorPage {
    let offer: SecondFactorOffer
    var message = ""

    var page: FormPage {
        FormPage(
            title: "A key for your app", message: message,
            content: """
                <ol class="steps">
                <li>Let your app look at this picture, or give it the key as a new account of six digits that change with the time.
                  \(QRCode(offer.link)?.svg("The key below, for the camera of your telephone") ?? "")
                  <p class="key"><code>\(spelled)</code></p>
                  <p><a href="\(FormPage.escaped(offer.link))">Open it in an app</a> <small>where this device has one</small></p></li>
                <li>Type the code that the app shows.
                  <form method="post" action="/account/second-factor/on">
                  <input type="hidden" name="offer" value="\(offer.sealed)">
                \(FormField.code("Code", isRequired: true, isFirst: true).html)\
                  <button>Turn it on</button>
                  </form></li>
                </ol>
                <p class="more"><a href="/account">Leave it as it was</a></p>
                """)
    }

    /// In groups, as people read it out.
    private var spelled: String {
        let letters = Array(offer.key)
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: " ")
    }

    /// That it is on, and what to write down. It is shown once.
    static func done(_ recoveryCodes: [String]) -> FormPage {
        FormPage(
            title: "The second factor is on",
            content: """
                <p>Write these codes down and keep them away from your telephone. Each is good once, in place of the app's. They are not shown
                again.</p>
                <ul class="codes">\(recoveryCodes.map { "<li><code>\($0)</code></li>" }.joined())</ul>
                <p>You are signed in here; your other sessions have ended.</p>
                <a class="button" href="/account">I have written them down</a>
                """)
    }
}
