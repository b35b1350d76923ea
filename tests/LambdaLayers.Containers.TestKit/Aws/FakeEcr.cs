using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LambdaLayers.Containers.TestKit.Aws;

/// <summary>The APIs of ECR and ECR Public; <see cref="EcrRegistry"/> is the registry that takes their tokens.</summary>
public sealed class FakeEcr
{
    private static readonly Regex RepositoryName = new(
        @"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$", RegexOptions.CultureInvariant);

    private readonly ConcurrentDictionary<string, FakeRepository> _repositories = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _passwords = new();
    private readonly FakeAws _aws;

    /// <summary>Those that take its passwords.</summary>
    internal ConcurrentBag<EcrRegistry> Registries { get; } = [];

    internal FakeEcr(FakeAws aws)
    {
        _aws = aws;
        Routes =
        [
            Route("GetAuthorizationToken", r => GetToken(r)),
            Route("DescribeRepositories", Describe),
            Route("CreateRepository", Create),
            Route("SetRepositoryPolicy", SetPolicy),
            Route("GetRepositoryPolicy", GetPolicy),
            Route("PutLifecyclePolicy", PutLifecycle),
            Route("DescribeImages", r => Task.FromResult(new EcrImages(this).Describe(r))),
            Route("BatchGetImage", r => Task.FromResult(new EcrImages(this).BatchGet(r))),
            new("ecr-public", "GetAuthorizationToken", "POST", "/", GetPublicToken)
            {
                Selector = ("X-Amz-Target", "SpencerFrontendService.GetAuthorizationToken"),
            },
        ];
    }

    /// <summary>How long a token is good.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Passwords given out so far, for tests that look for them where they must not be.</summary>
    public IReadOnlyCollection<string> Passwords => [.. _passwords.Keys];

    /// <summary>The registry behind repositoryUri and DescribeImages; null: the host that AWS would name, without images.</summary>
    public EcrRegistry? Registry { get; internal set; }

    internal IReadOnlyList<AwsRoute> Routes { get; }

    /// <summary>A repository of a region, null when there is none.</summary>
    public FakeRepository? Find(string name, string region = "us-east-1") =>
        _repositories.GetValueOrDefault($"{region}/{name}");

    /// <summary>Makes a repository without a request.</summary>
    public FakeRepository Add(string name, string region = "us-east-1") =>
        _repositories[$"{region}/{name}"] = new FakeRepository(name, region, []);

    internal bool IsValidPassword(string password, out bool expired)
    {
        var known = _passwords.TryGetValue(password, out var expires);
        expired = known && expires <= _aws.Clock.GetUtcNow();
        return known && !expired;
    }

    internal FakeRepository Named(AwsRequest request, JsonObject body)
    {
        var name = body["repositoryName"]?.GetValue<string>() ?? "";
        return Find(name, request.Scope.Region) ?? throw Missing(name);
    }

    internal static AwsReply Json(JsonObject body) => AwsReply.Json(body, 200, "application/x-amz-json-1.1");

    private static AwsRoute Route(string operation, Func<AwsRequest, Task<AwsReply>> handler) =>
        new("ecr", operation, "POST", "/", handler)
        {
            Selector = ("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921." + operation),
        };

    private Task<AwsReply> GetToken(AwsRequest request)
    {
        var data = Token();
        data["proxyEndpoint"] = Registry is null
            ? $"https://{AwsHost(request.Scope)}"
            : $"http://{Registry.Host}";
        return Task.FromResult(Json(new JsonObject { ["authorizationData"] = new JsonArray(data) }));
    }

    private Task<AwsReply> GetPublicToken(AwsRequest request) => request.Scope.Region != "us-east-1"
        ? throw new AwsException(400, "UnsupportedCommandException", "ECR Public is in us-east-1 only.")
        : Task.FromResult(Json(new JsonObject { ["authorizationData"] = Token() }));

    private JsonObject Token()
    {
        var password = $"ecr-password-{Guid.NewGuid():n}{Guid.NewGuid():n}";
        var expires = _aws.Clock.GetUtcNow() + TokenLifetime;
        _passwords[password] = expires;
        SecretWatch.Allow(password, server => Registries.Any(registry => registry.Inner.IsFront(server)));
        return new JsonObject
        {
            ["authorizationToken"] = Convert.ToBase64String(Encoding.ASCII.GetBytes("AWS:" + password)),
            ["expiresAt"] = expires.ToUnixTimeMilliseconds() / 1000.0,
        };
    }

    private Task<AwsReply> Describe(AwsRequest request)
    {
        var body = request.Json();
        var names = body["repositoryNames"]?.AsArray().Select(n => n!.GetValue<string>()).ToArray();
        var found = names is null
            ? _repositories.Values.Where(r => r.Region == request.Scope.Region).OrderBy(r => r.Name, StringComparer.Ordinal)
            : names.Select(n => Find(n, request.Scope.Region) ?? throw Missing(n));
        return Task.FromResult(Json(new JsonObject
        {
            ["repositories"] = new JsonArray([.. found.Select(r => Describe(r, request.Scope))]),
        }));
    }

    private Task<AwsReply> Create(AwsRequest request)
    {
        var body = request.Json();
        var name = body["repositoryName"]?.GetValue<string>() ?? "";
        if (name.Length is < 2 or > 256 || !RepositoryName.IsMatch(name))
        {
            throw new AwsException(
                400, "InvalidParameterException", $"Invalid parameter at 'repositoryName' failed to satisfy constraint: '{name}'");
        }

        var repository = new FakeRepository(name, request.Scope.Region, body);
        return _repositories.TryAdd($"{request.Scope.Region}/{name}", repository)
            ? Task.FromResult(Json(new JsonObject { ["repository"] = Describe(repository, request.Scope) }))
            : throw new AwsException(
                400, "RepositoryAlreadyExistsException",
                $"The repository with name '{name}' already exists in the registry with id '{FakeAws.AccountId}'");
    }

    private Task<AwsReply> SetPolicy(AwsRequest request)
    {
        var body = request.Json();
        var repository = Named(request, body);
        repository.Policy = body["policyText"]!.GetValue<string>();
        return Task.FromResult(Echo(repository, "policyText", repository.Policy));
    }

    private Task<AwsReply> GetPolicy(AwsRequest request)
    {
        var repository = Named(request, request.Json());
        return repository.Policy is { } policy
            ? Task.FromResult(Echo(repository, "policyText", policy))
            : throw new AwsException(
                400, "RepositoryPolicyNotFoundException",
                $"Repository policy does not exist for the repository with name '{repository.Name}' in the registry with id "
                + $"'{FakeAws.AccountId}'");
    }

    private Task<AwsReply> PutLifecycle(AwsRequest request)
    {
        var body = request.Json();
        var repository = Named(request, body);
        repository.LifecyclePolicy = body["lifecyclePolicyText"]!.GetValue<string>();
        return Task.FromResult(Echo(repository, "lifecyclePolicyText", repository.LifecyclePolicy));
    }

    private static AwsReply Echo(FakeRepository repository, string name, string text) => Json(new JsonObject
    {
        ["registryId"] = FakeAws.AccountId,
        ["repositoryName"] = repository.Name,
        [name] = text,
    });

    private JsonObject Describe(FakeRepository repository, SignatureScope scope) => new()
    {
        ["repositoryArn"] = $"arn:{scope.Partition}:ecr:{scope.Region}:{FakeAws.AccountId}:repository/{repository.Name}",
        ["registryId"] = FakeAws.AccountId,
        ["repositoryName"] = repository.Name,
        ["repositoryUri"] = $"{Registry?.Host ?? AwsHost(scope)}/{repository.Name}",
        ["createdAt"] = 1704067200.0,
        ["imageTagMutability"] = repository.Settings["imageTagMutability"]?.DeepClone() ?? "MUTABLE",
        ["imageScanningConfiguration"] = repository.Settings["imageScanningConfiguration"]?.DeepClone()
            ?? new JsonObject { ["scanOnPush"] = false },
        ["encryptionConfiguration"] = repository.Settings["encryptionConfiguration"]?.DeepClone()
            ?? new JsonObject { ["encryptionType"] = "AES256" },
    };

    private static string AwsHost(SignatureScope scope) =>
        $"{FakeAws.AccountId}.dkr.ecr.{scope.Region}.amazonaws.com{(scope.Partition == "aws-cn" ? ".cn" : "")}";

    private static AwsException Missing(string name) => new(
        400, "RepositoryNotFoundException",
        $"The repository with name '{name}' does not exist in the registry with id '{FakeAws.AccountId}'");
}
