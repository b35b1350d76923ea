/// <summary>The events that an extension wants to hear of.</summary>
internal sealed record Registration(string[] Events);
