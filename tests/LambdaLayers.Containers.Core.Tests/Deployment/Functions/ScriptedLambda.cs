using LambdaLayers.Containers.Core.Aws.Lambda;
using LambdaLayers.Containers.Core.Aws.Lambda.Model;
using LambdaLayers.Containers.Core.Diagnostics;

namespace LambdaLayers.Containers.Core.Tests.Deployment.Functions;

/// <summary>One function in memory whose changes take a few looks to settle, and fail when told to.</summary>
internal sealed class ScriptedLambda : ILambdaClient
{
    private readonly Queue<Func<FunctionConfiguration, FunctionConfiguration>> _settling = new();
    private FunctionCodeLocation? _before;
    private AliasConfiguration? _alias;

    /// <summary>Null until it is created.</summary>
    public FunctionConfiguration? Function { get; set; }

    public FunctionCodeLocation? Code { get; set; }

    public Dictionary<string, string> Tags { get; } = [];

    /// <summary>Changing calls in their order.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Looks that show a change still under way.</summary>
    public int Pending { get; set; } = 2;

    /// <summary>What an operation is refused with.</summary>
    public Dictionary<string, LayersException> Refuse { get; } = [];

    /// <summary>The reason code with which the next change of this operation ends, after it was accepted.</summary>
    public Dictionary<string, string> FailAfter { get; } = [];

    public UpdateFunctionConfigurationRequest? LastConfiguration { get; private set; }

    /// <summary>Whether a function is described without its configuration, as Lambda never does.</summary>
    public bool WithoutConfiguration { get; set; }

    /// <summary>Told about each changing call before it is refused or done.</summary>
    public Action<string> OnChange { get; set; } = static _ => { };

    public string? AliasVersion => _alias?.FunctionVersion;

    public Task<GetFunctionResponse> GetFunctionAsync(GetFunctionRequest request, CancellationToken cancellationToken)
    {
        if (Function is null)
            throw Refusals.Lambda("GetFunction", "ResourceNotFoundException");
        if (_settling.TryDequeue(out var step))
            Function = step(Function);
        return Task.FromResult(new GetFunctionResponse
        {
            Configuration = WithoutConfiguration ? null : Function,
            Code = Code,
            Tags = Tags,
        });
    }

    public Task<FunctionConfiguration> CreateFunctionAsync(CreateFunctionRequest request, CancellationToken cancellationToken)
    {
        Record("CreateFunction");
        Function = new FunctionConfiguration
        {
            FunctionName = request.FunctionName,
            FunctionArn = "arn:aws:lambda:us-east-1:123456789012:function:" + request.FunctionName,
            PackageType = request.PackageType,
            Architectures = request.Architectures,
            MemorySize = request.MemorySize ?? 128,
            Timeout = request.Timeout ?? 3,
            State = "Pending",
        };
        Code = new FunctionCodeLocation { ImageUri = request.Code.ImageUri, ResolvedImageUri = request.Code.ImageUri };
        var failure = Failure("CreateFunction");
        Settle(f => f with { State = failure is null ? "Active" : "Failed", StateReasonCode = failure, StateReason = failure });
        return Task.FromResult(Function);
    }

    public Task<FunctionConfiguration> UpdateFunctionCodeAsync(
        UpdateFunctionCodeRequest request, CancellationToken cancellationToken)
    {
        Record("UpdateFunctionCode");
        _before = Code;
        Code = new FunctionCodeLocation { ImageUri = request.ImageUri, ResolvedImageUri = request.ImageUri };
        return Task.FromResult(Update("UpdateFunctionCode"));
    }

    public Task<FunctionConfiguration> UpdateFunctionConfigurationAsync(
        UpdateFunctionConfigurationRequest request, CancellationToken cancellationToken)
    {
        Record("UpdateFunctionConfiguration");
        LastConfiguration = request;
        _before = Code;
        return Task.FromResult(Update("UpdateFunctionConfiguration"));
    }

    public Task<FunctionConfiguration> PublishVersionAsync(
        PublishVersionRequest request, CancellationToken cancellationToken)
    {
        Record("PublishVersion");
        return Task.FromResult(Function! with { Version = "7" });
    }

    public Task<AliasConfiguration> GetAliasAsync(GetAliasRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(_alias ?? throw Refusals.Lambda("GetAlias", "ResourceNotFoundException"));

    public Task<AliasConfiguration> CreateAliasAsync(CreateAliasRequest request, CancellationToken cancellationToken)
    {
        Record("CreateAlias");
        return Task.FromResult(_alias = new AliasConfiguration { Name = request.Name, FunctionVersion = request.FunctionVersion });
    }

    public Task<AliasConfiguration> UpdateAliasAsync(UpdateAliasRequest request, CancellationToken cancellationToken)
    {
        Record("UpdateAlias");
        return Task.FromResult(_alias = _alias! with { FunctionVersion = request.FunctionVersion });
    }

    public Task TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken)
    {
        Record("TagResource");
        foreach (var (name, value) in request.Tags)
            Tags[name] = value;
        return Task.CompletedTask;
    }

    /// <summary>An alias that is there before.</summary>
    public void SetAlias(AliasConfiguration alias) => _alias = alias;

    public Task<GetLayerVersionByArnResponse> GetLayerVersionByArnAsync(
        GetLayerVersionByArnRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ListLayerVersionsResponse> ListLayerVersionsAsync(
        ListLayerVersionsRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    private FunctionConfiguration Update(string operation)
    {
        var failure = Failure(operation);
        Function = Function! with { LastUpdateStatus = "InProgress" };
        Settle(f =>
        {
            // As Lambda does: a failed update keeps what was.
            if (failure is not null)
                Code = _before;
            return f with
            {
                LastUpdateStatus = failure is null ? "Successful" : "Failed",
                LastUpdateStatusReasonCode = failure,
                LastUpdateStatusReason = failure,
            };
        });
        return Function;
    }

    private void Settle(Func<FunctionConfiguration, FunctionConfiguration> end)
    {
        for (var i = 0; i < Pending; i++)
            _settling.Enqueue(f => f);
        _settling.Enqueue(end);
    }

    private string? Failure(string operation) => FailAfter.Remove(operation, out var code) ? code : null;

    private void Record(string operation)
    {
        Changes.Add(operation);
        OnChange(operation);
        if (Refuse.Remove(operation, out var refusal))
            throw refusal;
    }
}
