"""How a guest boots: loaders, kernels, and the disks they name."""
