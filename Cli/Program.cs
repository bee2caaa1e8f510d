using RxVerify.Cli;

return await App.RunAsync(args, Screen.OfProcess());
