using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>A function: its configuration, the transition that it is in, versions, aliases, tags.</summary>
public sealed class FakeFunction
{
    private readonly List<(JsonObject Configuration, string ImageUri)> _versions = [];
    private Transition? _transition;

    internal FakeFunction(JsonObject configuration, string imageUri)
    {
        Configuration = configuration;
        ImageUri = imageUri;
        Configuration["Version"] = "$LATEST";
        Touch();
    }

    /// <summary>The FunctionConfiguration of $LATEST.</summary>
    public JsonObject Configuration { get; private set; }

    /// <summary>The image that $LATEST runs, as it was named.</summary>
    public string ImageUri { get; private set; }

    /// <summary>How often the code or the configuration was changed since the creation.</summary>
    public int Updates { get; private set; }

    public ConcurrentDictionary<string, string> Tags { get; } = new();

    /// <summary>Alias names to AliasConfiguration.</summary>
    public ConcurrentDictionary<string, JsonObject> Aliases { get; } = new();

    /// <summary>The numbers of the published versions.</summary>
    public int VersionCount => _versions.Count;

    public string Arn => Configuration["FunctionArn"]!.GetValue<string>();

    internal string RevisionId => Configuration["RevisionId"]!.GetValue<string>();

    /// <summary>Starts in state Pending and leaves it after so many polls, for Failed when there is a failure.</summary>
    internal void StartCreation(int polls, (string Code, string Reason)? failure)
    {
        Configuration["State"] = "Pending";
        Configuration["StateReason"] = "The function is being created.";
        Configuration["StateReasonCode"] = "Creating";
        _transition = new Transition(Create: true, polls, failure, null, ImageUri);
    }

    /// <summary>Applies a change and goes InProgress; a failure brings the old code and configuration back at the end.</summary>
    internal void StartUpdate(Action<JsonObject> change, string? imageUri, int polls, (string Code, string Reason)? failure)
    {
        _transition = new Transition(Create: false, polls, failure, (JsonObject)Configuration.DeepClone(), ImageUri);
        change(Configuration);
        ImageUri = imageUri ?? ImageUri;
        Updates++;
        Configuration["LastUpdateStatus"] = "InProgress";
        Configuration["LastUpdateStatusReason"] = "The function is being updated.";
        Configuration["LastUpdateStatusReasonCode"] = "Creating";
        Touch();
    }

    /// <summary>One look at the state by a client: time goes on.</summary>
    internal void Poll()
    {
        if (_transition is { Polls: > 0 } waiting)
        {
            _transition = waiting with { Polls = waiting.Polls - 1 };
        }
        else if (_transition is { } done)
        {
            _transition = null;
            Finish(done);
        }
    }

    /// <exception cref="AwsException">Another change is on its way.</exception>
    internal void RequireStable()
    {
        if (_transition is { Create: true })
        {
            throw AwsException.Conflict(
                "The operation cannot be performed at this time. The function is currently in the following state: Pending");
        }

        if (_transition is not null)
        {
            throw AwsException.Conflict(
                $"The operation cannot be performed at this time. An update is in progress for resource: {Arn}");
        }
    }

    /// <summary>Publishes $LATEST; the newest version again when nothing changed since.</summary>
    internal JsonObject Publish(string? description)
    {
        var code = Configuration["CodeSha256"]!.GetValue<string>();
        if (_versions.Count == 0 || !SameAsLatest(_versions[^1].Configuration, code))
        {
            var version = (JsonObject)Configuration.DeepClone();
            version["Version"] = (_versions.Count + 1).ToString(CultureInfo.InvariantCulture);
            version["FunctionArn"] = $"{Arn}:{_versions.Count + 1}";
            version["PublishedFrom"] = RevisionId;
            if (description is not null)
            {
                version["Description"] = description;
            }

            _versions.Add((version, ImageUri));
        }

        return Visible(_versions[^1].Configuration);
    }

    /// <summary>A version's or alias's configuration and image; that of $LATEST without qualifier.</summary>
    internal (JsonObject Configuration, string ImageUri) Qualified(string? qualifier)
    {
        if (qualifier is null or "$LATEST")
        {
            return ((JsonObject)Configuration.DeepClone(), ImageUri);
        }

        var version = Aliases.TryGetValue(qualifier, out var alias)
            ? alias["FunctionVersion"]!.GetValue<string>()
            : qualifier;
        if (version == "$LATEST")
        {
            return ((JsonObject)Configuration.DeepClone(), ImageUri);
        }

        return int.TryParse(version, out var number) && number >= 1 && number <= _versions.Count
            ? (Visible(_versions[number - 1].Configuration), _versions[number - 1].ImageUri)
            : throw AwsException.NotFound($"Function not found: {Arn}:{qualifier}");
    }

    private void Finish(Transition done)
    {
        if (done is { Create: false, Failure: not null, Before: not null })
        {
            Configuration = done.Before;
            ImageUri = done.ImageBefore;
        }

        var (status, reason) = done.Create ? ("State", "StateReason") : ("LastUpdateStatus", "LastUpdateStatusReason");
        Configuration[status] = (done.Create, done.Failure) switch
        {
            (true, null) => "Active",
            (false, null) => "Successful",
            _ => "Failed",
        };
        Configuration.Remove(reason);
        Configuration.Remove(reason + "Code");
        if (done.Failure is { } failure)
        {
            Configuration[reason] = failure.Reason;
            Configuration[reason + "Code"] = failure.Code;
        }
        else
        {
            Configuration["LastUpdateStatus"] = "Successful";
        }

        Configuration["RevisionId"] = Guid.NewGuid().ToString();
    }

    private bool SameAsLatest(JsonObject version, string code) =>
        version["CodeSha256"]!.GetValue<string>() == code
        && Compare(version).ToJsonString() == Compare(Configuration).ToJsonString();

    private static JsonObject Compare(JsonObject configuration)
    {
        var compared = (JsonObject)configuration.DeepClone();
        string[] changing = ["Version", "FunctionArn", "PublishedFrom", "RevisionId", "LastModified", "Description"];
        foreach (var name in changing)
        {
            compared.Remove(name);
        }

        return compared;
    }

    private static JsonObject Visible(JsonObject version)
    {
        var visible = (JsonObject)version.DeepClone();
        visible.Remove("PublishedFrom");
        return visible;
    }

    private void Touch()
    {
        Configuration["RevisionId"] = Guid.NewGuid().ToString();
        Configuration["LastModified"] = "2024-01-01T00:00:00.000+0000";
    }

    private sealed record Transition(
        bool Create, int Polls, (string Code, string Reason)? Failure, JsonObject? Before, string ImageBefore);
}
