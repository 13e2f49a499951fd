/// The call on behalf of which a task works, where the spans of that call are wanted: who does a piece of its work without being
/// handed its context asks here. Of all other calls nothing is kept here, so that they cost nothing.
public enum SampledCall {
    @TaskLocal public static var current: CallContext?
}
